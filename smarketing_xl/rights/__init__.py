"""What a workbook's file holds of people beside its tables: found, shown, and taken out."""
