"""Deals of five CRMs, in English and Spanish: which are won, lost and open, and when."""

from pathlib import Path

import pandas as pd
import pytest

from smarketing_xl.ingest.importer import lists_deals, prepare

EXPORTS = {
    "HubSpot deals": (
        "Record ID,Deal Name,Deal Stage,Close Date,Amount,Deal owner,Create Date,"
        "Associated Contact\n"
        "1,Alfa,closedwon,2026-03-14 10:00,1500,Ana,2026-01-02 09:00,Luis Vera (luis@alfa.com)\n"
        "2,Beta,Closed Lost,2026-03-20 10:00,2500,Ana,2026-01-03 09:00,\n"
        "3,Gama,Presentation Scheduled,2027-05-30 10:00,9000,Ana,2026-01-04 09:00,\n",
        "ID de registro,Nombre del negocio,Etapa del negocio,Fecha de cierre,Valor,"
        "Propietario del negocio,Fecha de creación,Contacto asociado\n"
        "1,Alfa,Cierre ganado,2026-03-14 10:00,1500,Ana,2026-01-02 09:00,"
        "Luis Vera (luis@alfa.com)\n"
        "2,Beta,Cierre perdido,2026-03-20 10:00,2500,Ana,2026-01-03 09:00,\n"
        "3,Gama,Presentación programada,2027-05-30 10:00,9000,Ana,2026-01-04 09:00,\n",
    ),
    "Salesforce opportunities": (
        "Opportunity ID,Opportunity Name,Stage,Close Date,Amount,Opportunity Owner,Created Date,"
        "Email\n"
        "1,Alfa,Closed Won,2026-03-14,1500,Ana,2026-01-02,luis@alfa.com\n"
        "2,Beta,Closed Lost,2026-03-20,2500,Ana,2026-01-03,\n"
        "3,Gama,Prospecting,2027-05-30,9000,Ana,2026-01-04,\n",
        "ID de la oportunidad,Nombre de la oportunidad,Etapa,Fecha de cierre,Importe,"
        "Propietario de la oportunidad,Fecha de creación,Correo electrónico\n"
        "1,Alfa,Cerrada ganada,2026-03-14,1500,Ana,2026-01-02,luis@alfa.com\n"
        "2,Beta,Cerrada perdida,2026-03-20,2500,Ana,2026-01-03,\n"
        "3,Gama,Prospección,2027-05-30,9000,Ana,2026-01-04,\n",
    ),
    "Pipedrive deals": (
        "Deal - ID,Deal - Title,Deal - Status,Deal - Stage,Deal - Value,Deal - Owner,"
        "Deal - Deal created,Deal - Deal closed on,Deal - Expected close date,Person - Email\n"
        "1,Alfa,Won,Negotiation,1500,Ana,2026-01-02,2026-03-14,,luis@alfa.com\n"
        "2,Beta,Lost,Contact,2500,Ana,2026-01-03,2026-03-20,,\n"
        "3,Gama,Open,Proposal,9000,Ana,2026-01-04,,2027-05-30,\n",
        "Trato - ID,Trato - Título,Trato - Estado,Trato - Etapa,Trato - Valor,"
        "Trato - Propietario,Trato - Trato creado,Trato - Trato cerrado el,"
        "Trato - Fecha de cierre prevista,Persona - Correo electrónico\n"
        "1,Alfa,Ganado,Negociación,1500,Ana,2026-01-02,2026-03-14,,luis@alfa.com\n"
        "2,Beta,Perdido,Contacto,2500,Ana,2026-01-03,2026-03-20,,\n"
        "3,Gama,Abierto,Propuesta,9000,Ana,2026-01-04,,2027-05-30,\n",
    ),
    "Zoho deals": (
        "Record Id,Deal Name,Stage,Closing Date,Amount,Deal Owner,Created Time,Email\n"
        "1,Alfa,Closed Won,2026-03-14,1500,Ana,2026-01-02,luis@alfa.com\n"
        "2,Beta,Closed Lost to Competition,2026-03-20,2500,Ana,2026-01-03,\n"
        "3,Gama,Needs Analysis,2027-05-30,9000,Ana,2026-01-04,\n",
        "Id de registro,Nombre de Trato,Fase,Fecha de cierre,Importe,Propietario de Trato,"
        "Hora de creación,Correo electrónico\n"
        "1,Alfa,Cerrado ganado,2026-03-14,1500,Ana,2026-01-02,luis@alfa.com\n"
        "2,Beta,Cerrado perdido,2026-03-20,2500,Ana,2026-01-03,\n"
        "3,Gama,Análisis de necesidades,2027-05-30,9000,Ana,2026-01-04,\n",
    ),
    "Dynamics 365 opportunities": (
        "(Do Not Modify) Opportunity,Topic,Status,Pipeline Phase,Est. Revenue,Owner,Created On,"
        "Actual Close Date,Est. Close Date,Email Address\n"
        "1,Alfa,Won,Close,1500,Ana,2026-01-02,2026-03-14,,luis@alfa.com\n"
        "2,Beta,Lost,Propose,2500,Ana,2026-01-03,2026-03-20,,\n"
        "3,Gama,Open,Develop,9000,Ana,2026-01-04,,2027-05-30,\n",
        "(No modificar) Oportunidad,Tema,Estado,Fase de canalización,Ingresos est.,Propietario,"
        "Fecha de creación,Fecha de cierre real,Fecha de cierre est.,Correo electrónico\n"
        "1,Alfa,Ganada,Cierre,1500,Ana,2026-01-02,2026-03-14,,luis@alfa.com\n"
        "2,Beta,Perdida,Proponer,2500,Ana,2026-01-03,2026-03-20,,\n"
        "3,Gama,Abierta,Desarrollar,9000,Ana,2026-01-04,,2027-05-30,\n",
    ),
}


@pytest.mark.parametrize("language", [0, 1], ids=["en", "es"])
@pytest.mark.parametrize("system", EXPORTS)
def test_deals_of_each_crm(system: str, language: int, tmp_path: Path) -> None:
    path = tmp_path / "deals.csv"
    path.write_text(EXPORTS[system][language], encoding="utf-8")
    assert lists_deals(path)
    found = prepare(path, "deals")
    assert any(system in note for note in found.notes)
    deals = found.table
    assert deals["deal_id"].tolist() == ["1", "2", "3"]
    assert deals["status"].tolist() == ["won", "lost", "open"]
    assert deals["amount"].tolist() == [1500, 2500, 9000]
    assert deals["owner"].tolist() == ["Ana"] * 3
    assert deals["email"].iloc[0] == "luis@alfa.com"
    days = pd.to_datetime(["2026-03-14", "2026-03-20"])
    assert deals["closed"].tolist()[:2] == list(days)
    assert pd.isna(deals["closed"].iloc[2])
    assert deals["expected"].iloc[2] == pd.Timestamp("2027-05-30")


def test_other_customers_are_no_deals(tmp_path: Path) -> None:
    path = tmp_path / "customers.csv"
    path.write_text("Customer ID,Company,Customer since,Revenue\nC1,Alfa,2026-03-14,1500\n")
    assert not lists_deals(path)
