"""Exports of the usual systems are recognised by their headers, in English and in Spanish."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from smarketing_xl.ingest import Importable
from smarketing_xl.ingest.importer import prepare
from smarketing_xl.ingest.mapping import known
from smarketing_xl.ingest.recognise import recognised
from smarketing_xl.schema.tables import INTERACTIONS, LEADS, SPEND

EXPORTS: list[tuple[str, Importable, str, dict[str, Any]]] = [
    (
        "HubSpot contacts",
        "leads",
        "Record ID,First Name,Last Name,Email,Phone Number,Contact owner,Lead Status,Create Date,"
        "Original Source\n"
        "51,Ana,Demo,a@example.com,+34 000 111 222,Ben,In progress,2026-01-05 10:20,Paid Search\n",
        {"lead_id": "51", "name": "Ana Demo", "status": "accepted", "source": "Paid Search"},
    ),
    (
        "HubSpot contacts",
        "leads",
        "ID de registro;Nombre;Apellidos;Correo;Propietario del contacto;Estado del lead;"
        "Fecha de creación\n51;Ana;Demo;a@example.com;Ben;En curso;25/01/2026 10:20\n",
        {"name": "Ana Demo", "status": "accepted", "created": pd.Timestamp(2026, 1, 25, 10, 20)},
    ),
    (
        "Salesforce leads",
        "leads",
        "Lead ID,First Name,Last Name,Company / Account,Lead Source,Lead Status,Lead Owner,"
        "Create Date\n00Q1,Ana,Demo,Lorem,Web,Working - Contacted,Ben,1/25/2026\n",
        {"lead_id": "00Q1", "company": "Lorem", "status": "accepted", "owner": "Ben"},
    ),
    (
        "Salesforce leads",
        "leads",
        "ID de candidato,Nombre,Apellidos,Compañía,Estado de candidato,Propietario de candidato\n"
        "00Q1,Ana,Demo,Lorem,Cerrado - No convertido,Ben\n",
        {"name": "Ana Demo", "status": "rejected"},
    ),
    (
        "Pipedrive leads and deals",
        "leads",
        "Deal - ID,Deal - Title,Deal - Owner,Deal - Status,Deal - Value,Person - Email\n"
        "7,Big one,Ben,Open,1200.50,a@example.com\n",
        {"lead_id": "7", "status": "opportunity", "revenue": 1200.5, "email": "a@example.com"},
    ),
    (
        "Pipedrive leads and deals",
        "leads",
        'Negocio - ID,Negocio - Título,Negocio - Estado,Negocio - Valor\n7,Uno,Ganado,"1200,50"\n',
        {"status": "won", "revenue": 1200.5},
    ),
    (
        "Zoho CRM leads",
        "leads",
        "Record Id,Lead Owner,First Name,Last Name,Email,Lead Status,Created Time\n"
        "zcrm_1,Ben,Ana,Demo,a@example.com,Junk Lead,2026-01-05 10:20:00\n",
        {"lead_id": "zcrm_1", "name": "Ana Demo", "status": "rejected"},
    ),
    (
        "Zoho CRM leads",
        "leads",
        "ID de registro,Propietario de posible cliente,Nombre,Apellidos,Estado de posible cliente\n"
        "zcrm_1,Ben,Ana,Demo,No contactado\n",
        {"owner": "Ben", "status": "new"},
    ),
    (
        "Dynamics 365 leads",
        "leads",
        "(Do Not Modify) Lead,(Do Not Modify) Row Checksum,Name,Topic,Status Reason,Created On\n"
        "a-1,xx,Ana Demo,Chairs,Qualified,2026-01-05\n",
        {"lead_id": "a-1", "name": "Ana Demo", "status": "opportunity", "Topic": "Chairs"},
    ),
    (
        "Dynamics 365 leads",
        "leads",
        "(No modificar) Cliente potencial,Nombre,Tema,Razón para el estado\n"
        "a-1,Ana,Sillas,Perdido\n",
        {"name": "Ana", "status": "rejected"},
    ),
    (
        "Google Ads costs",
        "spend",
        "Campaign report\nJanuary 2026\nMonth,Campaign,Currency code,Cost,Clicks\n"
        'Jan 2026,Brand,EUR,"1,234.56",10\nTotal: Account,,EUR,"1,234.56",10\n',
        {"month": pd.Timestamp(2026, 1, 1), "channel": "Google Ads", "cost": 1234.56},
    ),
    (
        "Google Ads costs",
        "spend",
        "Informe\nenero\nMes;Campaña;Código de moneda;Coste;Clics\nene 2026;Marca;EUR;1.234,56;1\n",
        {"month": pd.Timestamp(2026, 1, 1), "campaign": "Marca", "cost": 1234.56},
    ),
    (
        "Meta Ads costs",
        "spend",
        "Campaign name,Reporting starts,Reporting ends,Amount spent (EUR)\n"
        "Spring,2026-03-01,2026-03-31,99.5\n",
        {"channel": "Meta Ads", "campaign": "Spring", "cost": 99.5},
    ),
    (
        "LinkedIn Ads costs",
        "spend",
        "Start Date (in UTC),Campaign Name,Total Spent\n3/25/2026,Deciders,12.5\n",
        {"channel": "LinkedIn Ads", "month": pd.Timestamp(2026, 3, 1), "cost": 12.5},
    ),
    (
        "Meta Ads costs",
        "spend",
        "Nombre de la campaña;Inicio del informe;Fin del informe;Importe gastado (EUR)\n"
        "Primavera;2026-03-01;2026-03-31;1.099,50\n",
        {"channel": "Meta Ads", "campaign": "Primavera", "cost": 1099.5},
    ),
    (
        "LinkedIn Ads costs",
        "spend",
        "Informe de rendimiento\n\nFecha de inicio (en UTC)\tNombre de la campaña\tTotal gastado\n"
        "25/03/2026\tDirectivos\t12,5\n",
        {"channel": "LinkedIn Ads", "month": pd.Timestamp(2026, 3, 1), "cost": 12.5},
    ),
    (
        "Salesforce leads",
        "leads",
        "ID de prospecto,Nombre,Apellidos,Estado de prospecto,Propietario de prospecto\n"
        "00Q1,Ana,Demo,Abierto - No contactado,Ben\n",
        {"name": "Ana Demo", "status": "new", "owner": "Ben"},
    ),
    (
        "Google Analytics 4 events",
        "interactions",
        "ID de usuario;Nombre del evento;Fecha + hora (AAAAMMDDHH);"
        "Grupo de canales predeterminado de la sesión;Campaña de la sesión\n"
        "L-1;page_view;2026031514;Búsqueda de pago;(sin definir)\n",
        {"lead_id": "L-1", "kind": "visit", "channel": "Búsqueda de pago"},
    ),
    (
        "Google Analytics 4 events",
        "interactions",
        "# report\nEffective user ID,Event name,Date + hour (YYYYMMDDHH),"
        "Session default channel group\n"
        "L-1,generate_lead,2026031514,Paid Search\n",
        {"lead_id": "L-1", "kind": "form", "time": pd.Timestamp(2026, 3, 15, 14)},
    ),
]


@pytest.mark.parametrize(("name", "kind", "text", "expected"), EXPORTS)
def test_an_export_comes_in_without_a_mapping(
    tmp_path: Path, name: str, kind: Importable, text: str, expected: dict[str, Any]
) -> None:
    path = tmp_path / "export.csv"
    path.write_text(text, encoding="utf-8")
    brought = prepare(path, kind)
    assert f"Recognised: {name}" in brought.notes
    assert brought.table.iloc[0][list(expected)].to_dict() == expected
    assert len(brought.table) == 1


def test_a_table_with_our_own_headers_is_ours() -> None:
    mapping = recognised([column.label for column in LEADS], LEADS, "leads")
    assert mapping.name == ""
    assert set(mapping.columns) == {column.key for column in LEADS if not column.ours}


@pytest.mark.parametrize(
    ("table", "kind"), [(LEADS, "leads"), (SPEND, "spend"), (INTERACTIONS, "interactions")]
)
def test_every_shipped_mapping_can_be_read_and_means_entries_we_have(table: Any, kind: str) -> None:
    for mapping in known(table, kind):
        for key, entries in mapping.values.items():
            assert set(entries.values()) <= set(table[key].choices.labels), mapping.name
