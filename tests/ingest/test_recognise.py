"""Which system wrote a file, by real header lines of ten systems (facts, not files)."""

from __future__ import annotations

import pytest

from smarketing_xl.ingest import Importable
from smarketing_xl.ingest.importer import TABLES
from smarketing_xl.ingest.mapping import known
from smarketing_xl.ingest.recognise import recognised, system_of

HUBSPOT, SALESFORCE, PIPEDRIVE = "HubSpot contacts", "Salesforce leads", "Pipedrive leads and deals"
ZOHO, DYNAMICS = "Zoho CRM leads", "Dynamics 365 leads"
GA4, GOOGLE, META, LINKEDIN = (
    "Google Analytics 4 events", "Google Ads costs", "Meta Ads costs", "LinkedIn Ads costs",
)  # fmt: skip

LINES: list[tuple[str, Importable, str]] = [
    (HUBSPOT, "leads", "Record ID,First Name,Last Name,Email,Contact owner,Lead Status"),
    (HUBSPOT, "leads", "Record ID - Contact,First Name,Last Name,Lifecycle Stage,Create Date"),
    (HUBSPOT, "leads", "Record ID,Email,Lifecycle Stage,Original Source,Associated Company,City"),
    (HUBSPOT, "leads", "ID de registro,Nombre,Apellidos,Correo,Propietario del contacto"),
    (HUBSPOT, "leads", "ID de registro - Contacto,Nombre,Correo,Etapa del ciclo de vida"),
    (HUBSPOT, "leads", "ID de registro,Fecha de creación,Nombre,Apellidos,Correo,Estado del lead"),
    (SALESFORCE, "leads", "Lead ID,First Name,Last Name,Company / Account,Lead Source,Lead Status"),
    (SALESFORCE, "leads", "Id,LastName,FirstName,Company,Email,LeadSource,Status,CreatedDate"),
    (SALESFORCE, "leads", "LeadID,CreatedDate,LeadSource,FirstName,LastName,LeadStatus"),
    (SALESFORCE, "leads", "Lead: ID,Lead Owner,First Name,Last Name,Title,Company / Account"),
    (SALESFORCE, "leads", "ID de candidato,Nombre,Apellidos,Compañía,Estado de candidato"),
    (SALESFORCE, "leads", "ID de prospecto,Nombre,Apellidos,Estado de prospecto"),
    (PIPEDRIVE, "leads", "Deal - ID,Deal - Title,Deal - Owner,Deal - Status,Deal - Value"),
    (PIPEDRIVE, "leads", "Lead - ID,Lead - Title,Lead - Owner,Lead - Source channel"),
    (PIPEDRIVE, "leads", "Trato - ID,Trato - Título,Trato - Propietario,Trato - Estado"),
    (PIPEDRIVE, "leads", "Negocio - ID,Negocio - Título,Negocio - Estado,Negocio - Valor"),
    (PIPEDRIVE, "leads", "Prospecto - ID,Prospecto - Título,Prospecto - Propietario"),
    (ZOHO, "leads", "Record Id,Lead Owner,First Name,Last Name,Email,Lead Status,Created Time"),
    (ZOHO, "leads", "Record Id,Lead Owner.id,Lead Owner,Company,No. of Employees,Created Time"),
    (ZOHO, "leads", "ID de registro,Propietario de posible cliente,Nombre,Hora de creación"),
    (DYNAMICS, "leads", "(Do Not Modify) Lead,(Do Not Modify) Row Checksum,Topic,Status Reason"),
    (DYNAMICS, "leads", "(Do Not Modify) Lead,(Do Not Modify) Row Checksum,"
     "(Do Not Modify) Modified On,Name,Topic,Status Reason"),
    (GA4, "interactions", "User ID,Event name,Date + hour (YYYYMMDDHH),Session campaign"),
    (GA4, "interactions", "Effective user ID,Event name,Date,Session default channel group"),
    (GA4, "interactions", "user_id,event_name,event_timestamp,Default channel group"),
    (GA4, "interactions", "ID de usuario,Nombre del evento,Fecha,Campaña"),
    (GOOGLE, "spend", "Campaign,Month,Cost,Clicks,Impr.,Currency code"),
    (GOOGLE, "spend", "Day,Campaign,Currency code,Cost,Impressions"),
    (GOOGLE, "spend", "Campaña,Mes,Coste,Clics,Impresiones"),
    (GOOGLE, "spend", "Campaña,Día,Costo,Clics,Código de moneda"),
    (META, "spend", "Campaign name,Reporting starts,Reporting ends,Amount spent (USD)"),
    (META, "spend", "Campaign name,Month,Amount spent (PAB),Impressions,Reach"),
    (META, "spend", "Campaign name,Day,Amount spent,Link clicks"),
    (META, "spend", "Nombre de la campaña,Inicio del informe,Importe gastado (EUR)"),
    (META, "spend", "Nombre de la campaña,Mes,Importe gastado (GTQ)"),
    (LINKEDIN, "spend", "Start Date (in UTC),Campaign Name,Total Spent,Impressions,Clicks"),
    (LINKEDIN, "spend", "Start Date (in UTC),Campaign Group Name,Total Spent"),
    (LINKEDIN, "spend", "Fecha de inicio (en UTC),Nombre de la campaña,Total gastado"),
    ("", "leads", "Lead ID,Name,E-mail,Company,Created,Status"),
    ("", "leads", "ID de lead,Nombre,Correo electrónico,Empresa,Creado,Estado"),
    ("", "leads", "Nombre,Correo electrónico,Empresa,Cargo,Sector,Empleados,Fecha de creación"),
    ("", "leads", "id,name,email,phone,source"),
    ("", "leads", "Deal ID,Deal Owner,Deal Title,Deal Value"),
    ("", "spend", "Month,Channel,Campaign,Cost"),
    ("", "spend", "Mes,Canal,Campaña,Coste"),
    ("", "interactions", "Lead ID,Time,Channel,Campaign,Kind,By"),
]  # fmt: skip


@pytest.mark.parametrize(("system", "kind", "line"), LINES)
def test_a_header_line_tells_its_system(system: str, kind: Importable, line: str) -> None:
    name, sure = system_of(line.split(","), TABLES[kind], kind)
    assert name == system
    assert 0.5 <= sure <= 1 if system else sure == 0


def test_there_are_enough_real_lines_of_enough_systems() -> None:
    assert len([system for system, *_rest in LINES if system]) >= 38
    assert len(LINES) >= 40
    systems = {mapping.name for kind, table in TABLES.items() for mapping in known(table, kind)}
    assert len({system for system, *_rest in LINES if system} & systems) >= 9


@pytest.mark.parametrize(("system", "kind", "line"), LINES)
def test_no_header_is_used_twice(system: str, kind: Importable, line: str) -> None:
    columns = recognised(line.split(","), TABLES[kind], kind).columns
    used = [name for source in columns.values() for part in source.parts for name in part]
    assert len(used) == len(set(used))
