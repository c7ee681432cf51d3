"""The parts of a workbook package: the zip, the XML of sheets, cells and styles, the disk."""
