"""The sample as other systems would export it: a folder of files to try every import with.

Leads and deals as HubSpot, Salesforce, Pipedrive, Zoho and Dynamics write them; customers,
activities and costs; chats of WhatsApp. Headers, entries and dates are those of the system in the
language spoken; the people are the sample's, so that the files fit together.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any

import pandas as pd

from smarketing_xl.files import CSV, TEXT, WORKBOOK, check_target, write_file
from smarketing_xl.i18n import N_, _, current_language
from smarketing_xl.ingest import ImportableAs
from smarketing_xl.sample import generate
from smarketing_xl.schema.tables import INTERACTION_KINDS

LEADS = 160
_LANGUAGES = ("en", "es", "pt")  # of the columns below; in any other language the first
_CHATS = 6
_WORDS = ("source", "channel", "campaign", "industry", "job_title", "country", "stage")
_CHANNELS = {"Paid search": "Google Ads", "Social ads": "Meta Ads"}  # costs come from there
_KINDS = {".csv": CSV, ".txt": TEXT, ".xlsx": WORKBOOK}


@dataclass(frozen=True)
class Export:
    """A file as a system exports it.

    columns: a line each: our column, then the system's header in each of `_LANGUAGES`. entries: the
    same for statuses. ids: number of a lead or deal → the id that the system would give it.
    day: how it writes a day, by language; a time stands behind it.
    """

    file: str
    kind: ImportableAs
    what: str
    columns: str
    entries: str = ""
    ids: Callable[[int], str] = field(default=str)
    day: tuple[str, ...] = ("%Y-%m-%d",)
    title: str = ""


_HUBSPOT_IDS: Callable[[int], str] = "5{:07}".format
_SALESFORCE_IDS: Callable[[int], str] = "00Q5g00000A{:04}".format
_ZOHO_IDS: Callable[[int], str] = "zcrm_587100000000{:04}".format
_DYNAMICS_IDS: Callable[[int], str] = "{:08x}-7c1e-4b1a-9f00-0022480a5d11".format
_SLASHES = ("%m/%d/%Y", "%d/%m/%Y", "%d/%m/%Y")

EXPORTS = (
    Export(
        "hubspot_contacts.csv", "leads", N_("Contacts of HubSpot"),
        """
        lead_id    | Record ID           | ID de registro             | ID do registro
        first      | First Name          | Nombre                     | Nome
        last       | Last Name           | Apellidos                  | Sobrenome
        email      | Email               | Correo                     | E-mail
        phone      | Phone Number        | Número de teléfono         | Número de telefone
        company    | Company Name        | Nombre de la empresa       | Nome da empresa
        job_title  | Job Title           | Cargo                      | Cargo
        industry   | Industry            | Sector                     | Setor
        employees  | Number of Employees | Número de empleados        | Número de funcionários
        city       | City                | Ciudad                     | Cidade
        country    | Country/Region      | País/región                | País/Região
        source     | Original Source     | Fuente original            | Fonte original
        owner      | Contact owner       | Propietario del contacto   | Proprietário do contato
        status     | Lead Status         | Estado del lead            | Status do lead
        created    | Create Date         | Fecha de creación          | Data de criação
        """,
        """
        new         | New         | Nuevo          | Novo
        accepted    | In progress | En curso       | Em andamento
        opportunity | Open deal   | Negocio abierto | Negócio aberto
        rejected    | Unqualified | No calificado  | Não qualificado
        """,
        _HUBSPOT_IDS,
    ),
    Export(
        "hubspot_deals.csv", "deals", N_("Deals of HubSpot"),
        """
        deal_id     | Record ID              | ID de registro           | ID do registro
        name        | Deal Name              | Nombre del negocio       | Nome do negócio
        lead_id     | Associated Contact IDs | ID de contacto asociado  | IDs de contatos associados
        company     | Associated Company     | Empresa asociada         | Empresa associada
        owner       | Deal owner             | Propietario del negocio  | Proprietário do negócio
        stage       | Deal Stage             | Etapa del negocio        | Etapa do negócio
        probability | Deal probability       | Probabilidad del negocio | Probabilidade do negócio
        amount      | Amount                 | Monto                    | Valor
        currency    | Currency               | Moneda                   | Moeda
        created     | Create Date            | Fecha de creación        | Data de criação
        ends        | Close Date             | Fecha de cierre          | Data de fechamento
        """,
        ids=_HUBSPOT_IDS,
    ),
    Export(
        "salesforce_leads.csv", "leads", N_("Leads of Salesforce"),
        """
        lead_id    | Lead ID           | ID de prospecto          | ID do lead
        first      | First Name        | Nombre                   | Nome
        last       | Last Name         | Apellidos                | Sobrenome
        company    | Company / Account | Compañía / Cuenta        | Empresa / Conta
        job_title  | Title             | Cargo                    | Cargo
        email      | Email             | Correo electrónico       | E-mail
        phone      | Phone             | Teléfono                 | Telefone
        industry   | Industry          | Sector                   | Setor
        employees  | No. of Employees  | Nº de empleados          | Nº de funcionários
        city       | City              | Ciudad                   | Cidade
        country    | Country           | País                     | País
        source     | Lead Source       | Origen del prospecto     | Origem do lead
        owner      | Lead Owner        | Propietario de prospecto | Proprietário do lead
        status     | Lead Status       | Estado de prospecto      | Status do lead
        created    | Create Date       | Fecha de creación        | Data de criação
        """,
        """
        new         | Open - Not Contacted   | Abierto - No contactado | Aberto - Não contatado
        accepted    | Working - Contacted    | En curso - Contactado   | Em andamento - Contatado
        opportunity | Closed - Converted     | Cerrado - Convertido    | Fechado - Convertido
        rejected    | Closed - Not Converted | Cerrado - No convertido | Fechado - Não convertido
        """,
        _SALESFORCE_IDS, _SLASHES,
    ),
    Export(
        "salesforce_opportunities.csv", "deals", N_("Opportunities of Salesforce"),
        """
        deal_id     | Opportunity ID    | ID de la oportunidad          | ID da oportunidade
        name        | Opportunity Name  | Nombre de la oportunidad      | Nome da oportunidade
        lead_id     | Converted Lead ID | ID de lead                    | ID do lead convertido
        company     | Account Name      | Nombre de la cuenta           | Nome da conta
        owner       | Opportunity Owner | Propietario de la oportunidad | Proprietário da oportunidade
        stage       | Stage             | Etapa                         | Fase
        percent     | Probability (%)   | Probabilidad (%)              | Probabilidade (%)
        amount      | Amount            | Monto                         | Valor
        currency    | Amount Currency   | Divisa                        | Moeda do valor
        created     | Created Date      | Fecha de creación             | Data de criação
        ends        | Close Date        | Fecha de cierre               | Data de fechamento
        """,  # noqa: E501
        ids=_SALESFORCE_IDS, day=_SLASHES,
    ),
    Export(
        "pipedrive_leads.csv", "leads", N_("Leads of Pipedrive"),
        """
        lead_id | Lead - ID             | Prospecto - ID                  | Lead - ID
        company | Lead - Title          | Prospecto - Título              | Lead - Título
        owner   | Lead - Owner          | Prospecto - Propietario         | Lead - Proprietário
        name    | Lead - Contact person | Prospecto - Persona de contacto | Lead - Pessoa de contato
        email   | Person - Email        | Persona - Correo electrónico    | Pessoa - E-mail
        phone   | Person - Phone        | Persona - Teléfono              | Pessoa - Telefone
        firm    | Lead - Organization   | Prospecto - Organización        | Lead - Organização
        source  | Lead - Source channel | Prospecto - Origen              | Lead - Canal de origem
        created | Lead - Lead created   | Prospecto - Creado              | Lead - Lead criado em
        """,
    ),
    Export(
        "pipedrive_deals.csv", "deals", N_("Deals of Pipedrive"),
        """
        deal_id  | Deal - ID                  | Trato - ID                       | Negócio - ID
        name     | Deal - Title               | Trato - Título                   | Negócio - Título
        owner    | Deal - Owner               | Trato - Propietario              | Negócio - Proprietário
        email    | Person - Email             | Persona - Correo electrónico     | Pessoa - E-mail
        company  | Deal - Organization        | Trato - Organización             | Negócio - Organização
        stage    | Deal - Stage               | Trato - Etapa                    | Negócio - Etapa
        status   | Deal - Status              | Trato - Estado                   | Negócio - Status
        percent  | Deal - Probability         | Trato - Probabilidad             | Negócio - Probabilidade
        amount   | Deal - Value               | Trato - Valor                    | Negócio - Valor
        currency | Deal - Currency of Value   | Trato - Moneda de Valor          | Negócio - Moeda de Valor
        created  | Deal - Deal created        | Trato - Trato creado             | Negócio - Negócio criado em
        expected | Deal - Expected close date | Trato - Fecha de cierre prevista | Negócio - Data de fechamento esperada
        closed   | Deal - Deal closed on      | Trato - Trato cerrado el         | Negócio - Negócio fechado em
        """,  # noqa: E501
        """
        open | Open | Abierto | Aberto
        won  | Won  | Ganado  | Ganho
        lost | Lost | Perdido | Perdido
        """,
    ),
    Export(
        "zoho_leads.csv", "leads", N_("Leads of Zoho"),
        """
        lead_id   | Record Id        | ID de registro                 | ID de registro
        owner     | Lead Owner       | Propietario de posible cliente | Proprietário do lead
        company   | Company          | Empresa                        | Empresa
        first     | First Name       | Nombre                         | Nome
        last      | Last Name        | Apellidos                      | Sobrenome
        job_title | Title            | Título                         | Cargo
        email     | Email            | Correo electrónico             | E-mail
        phone     | Phone            | Teléfono                       | Telefone
        source    | Lead Source      | Fuente de posible cliente      | Fonte do lead
        status    | Lead Status      | Estado de posible cliente      | Status do lead
        industry  | Industry         | Sector                         | Setor
        employees | No. of Employees | Número de empleados            | Número de funcionários
        city      | City             | Ciudad                         | Cidade
        country   | Country          | País                           | País
        created   | Created Time     | Hora de creación               | Hora da criação
        """,
        """
        new         | Not Contacted | No contactado | Não contatado
        accepted    | Contacted     | Contactado    | Contatado
        opportunity | Pre-Qualified | Precalificado | Pré-qualificado
        rejected    | Not Qualified | No calificado | Não qualificado
        """,
        _ZOHO_IDS,
    ),
    Export(
        "zoho_deals.csv", "deals", N_("Deals of Zoho"),
        """
        deal_id  | Record Id       | ID de registro         | ID de registro
        name     | Deal Name       | Nombre del trato       | Nome do negócio
        lead_id  | Lead Id         | Id de contacto         | ID do lead
        company  | Account Name    | Nombre de la cuenta    | Nome da conta
        owner    | Deal Owner      | Propietario del trato  | Proprietário do negócio
        stage    | Stage           | Etapa                  | Estágio
        percent  | Probability (%) | Probabilidad (%)       | Probabilidade (%)
        amount   | Amount          | Monto                  | Valor
        currency | Currency        | Moneda                 | Moeda
        created  | Created Time    | Hora de creación       | Hora da criação
        ends     | Closing Date    | Fecha de cierre        | Data de fechamento
        """,
        ids=_ZOHO_IDS,
    ),
    Export(
        "dynamics_leads.xlsx", "leads", N_("Leads of Dynamics 365"),
        """
        lead_id   | (Do Not Modify) Lead | (No modificar) Cliente potencial | (Não Modificar) Cliente Potencial
        name      | Name                 | Nombre                           | Nome
        topic     | Topic                | Tema                             | Tópico
        status    | Status Reason        | Razón para el estado             | Razão do Status
        email     | Email                | Correo electrónico               | E-mail
        phone     | Business Phone       | Teléfono del trabajo             | Telefone Comercial
        company   | Company Name         | Nombre de la empresa             | Nome da Empresa
        job_title | Job Title            | Puesto                           | Cargo
        industry  | Industry             | Sector                           | Setor
        employees | No. of Employees     | Nº de empleados                  | Nº de Funcionários
        city      | City                 | Ciudad                           | Cidade
        country   | Country/Region       | País o región                    | País/Região
        source    | Lead Source          | Origen del cliente potencial     | Origem do Cliente Potencial
        owner     | Owner                | Propietario                      | Proprietário
        created   | Created On           | Fecha de creación                | Data de Criação
        """,  # noqa: E501
        """
        new         | New       | Nuevo       | Novo
        accepted    | Contacted | Contactado  | Contatado
        opportunity | Qualified | Cualificado | Qualificado
        rejected    | No Longer Interested | Ya no está interesado | Não Está Mais Interessado
        """,
        _DYNAMICS_IDS,
    ),
    Export(
        "dynamics_opportunities.xlsx", "deals", N_("Opportunities of Dynamics 365"),
        """
        deal_id  | (Do Not Modify) Opportunity | (No modificar) Oportunidad  | (Não Modificar) Oportunidade
        topic    | Topic                       | Tema                        | Tópico
        lead_id  | Originating Lead            | Cliente potencial de origen | Cliente Potencial de Origem
        company  | Account                     | Cuenta                      | Conta
        owner    | Owner                       | Propietario                 | Proprietário
        stage    | Pipeline Phase              | Fase de canalización        | Fase do Pipeline
        percent  | Probability                 | Probabilidad                | Probabilidade
        amount   | Est. Revenue                | Ingresos est.               | Receita Est.
        currency | Currency                    | Divisa                      | Moeda
        created  | Created On                  | Fecha de creación           | Data de Criação
        expected | Est. Close Date             | Fecha de cierre est.        | Data de Fech. Est.
        closed   | Actual Close Date           | Fecha de cierre real        | Data de Fechamento Real
        status   | Status                      | Estado                      | Status
        """,  # noqa: E501
        """
        open | Open | Abierta | Aberta
        won  | Won  | Ganada  | Ganha
        lost | Lost | Perdida | Perdida
        """,
        _DYNAMICS_IDS,
    ),
    Export(
        "customers.csv", "customers", N_("Customers, as an accounting program lists them"),
        """
        customer_id | Customer ID    | ID de cliente    | ID do cliente
        name        | Contact name   | Nombre completo  | Nome completo
        email       | Email          | Correo           | E-mail
        company     | Company        | Empresa          | Empresa
        industry    | Industry       | Sector           | Setor
        employees   | Employees      | Empleados        | Funcionários
        won_on      | Customer since | Cliente desde    | Cliente desde
        revenue     | Revenue        | Ingresos totales | Receita
        margin      | Margin         | Margen           | Margem
        """,
    ),
    Export(
        "activities.csv", "interactions", N_("Activities: visits, forms, e-mails, calls"),
        """
        email    | Email         | Correo             | E-mail
        time     | Activity time | Fecha y hora       | Data e hora
        channel  | Channel       | Canal              | Canal
        campaign | Campaign      | Campaña            | Campanha
        kind     | Activity type | Tipo de actividad  | Tipo de atividade
        by       | Assigned to   | Asignado a         | Atribuído a
        """,
    ),
    Export(
        "google_ads.csv", "spend", N_("Costs of Google Ads"),
        """
        month    | Month         | Mes              | Mês
        campaign | Campaign      | Campaña          | Campanha
        currency | Currency code | Código de moneda | Código da moeda
        cost     | Cost          | Costo            | Custo
        """,
        title=N_("Campaign report"),
    ),
    Export(
        "meta_ads.csv", "spend", N_("Costs of Meta Ads"),
        """
        campaign | Campaign name      | Nombre de la campaña   | Nome da campanha
        month    | Reporting starts   | Inicio del informe     | Início dos relatórios
        until    | Reporting ends     | Fin del informe        | Término dos relatórios
        cost     | Amount spent (EUR) | Importe gastado (EUR)  | Valor usado (EUR)
        """,
    ),
    Export(
        "costs.csv", "spend", N_("Costs of all other channels"),
        """
        month    | Month    | Mes     | Mês
        channel  | Channel  | Canal   | Canal
        campaign | Campaign | Campaña | Campanha
        cost     | Cost     | Costo   | Custo
        """,
    ),
)  # fmt: skip
CHATS = "whatsapp"
"""The folder of chats."""


def write_exports(folder: Path, replace: bool = False) -> pd.DataFrame:
    """Write every export into a folder, made if need be; columns file, kind, what.

    Raises WorkbookError, before anything is written, where a file of the same name is there and may
    not be replaced.
    """
    tables = _tables()
    made = {export.file: (_written(export, tables), export) for export in EXPORTS}
    chats = dict(_chats(tables))
    for place in (folder, folder / CHATS):
        place.mkdir(parents=True, exist_ok=True)
    contents = [(folder / name, data) for name, (data, _export) in made.items()]
    contents += [(folder / CHATS / name, text.encode()) for name, text in chats.items()]
    for path, _data in contents:
        check_target(path, _KINDS[path.suffix], replace=replace)
    for path, data in contents:
        write_file(path, data, _KINDS[path.suffix], replace=replace)
    rows = [(name, export.kind, _(export.what)) for name, (_data, export) in made.items()]
    rows.append((CHATS, "whatsapp", _("Chats of WhatsApp")))
    return pd.DataFrame(rows, columns=["file", "kind", "what"])


def _tables() -> dict[str, pd.DataFrame]:
    """The sample as every system sees it: names in two parts, words in the language spoken."""
    tables = generate(leads=LEADS)
    for frame in tables.values():
        for column in ("source", "channel"):
            if column in frame:
                frame[column] = frame[column].replace(_CHANNELS)
        for column in _WORDS:
            if column in frame:
                frame[column] = frame[column].map(_, na_action="ignore")
    leads, deals = tables["leads"], tables["deals"]
    leads[["first", "last"]] = leads["name"].str.split(" ", n=1, expand=True)
    leads["firm"], leads["topic"] = leads["company"], leads["goal"].map(_, na_action="ignore")
    # what became of a lead, a CRM says of its deal
    leads["status"] = leads["status"].replace({"won": "opportunity", "lost": "opportunity"})
    deals["topic"], deals["percent"] = deals["name"], deals["probability"] * 100
    deals["ends"] = deals["closed"].fillna(deals["expected"])
    contacts = tables["interactions"]
    contacts["email"] = contacts["lead_id"].map(leads.set_index("lead_id")["email"])
    labels = {key: _(label) for key, label in INTERACTION_KINDS.labels.items()}
    contacts["kind"] = contacts["kind"].map(labels)
    costs = tables["spend"].groupby(["month", "channel", "campaign"], as_index=False)["cost"].sum()
    costs["until"] = costs["month"] + pd.offsets.MonthEnd(0)
    tables["spend"] = costs.assign(currency="EUR", cost=costs["cost"].round(2))
    return tables


def _written(export: Export, tables: dict[str, pd.DataFrame]) -> bytes:
    frame = tables[export.kind]
    if export.kind == "spend":
        channel = {"google_ads.csv": "Google Ads", "meta_ads.csv": "Meta Ads"}.get(export.file)
        theirs = frame["channel"].isin(_CHANNELS.values())
        frame = frame[frame["channel"] == channel] if channel else frame[~theirs]
    headers = dict(_lines(export.columns))
    frame = frame[list(headers)].copy()
    for column in ("lead_id", "deal_id"):
        if column in frame and export.kind in ("leads", "deals"):
            frame[column] = frame[column].str.extract(r"(\d+)")[0].astype(int).map(export.ids)
    if export.entries:
        frame["status"] = frame["status"].map(dict(_lines(export.entries)))
    at = _LANGUAGES.index(current_language()) if current_language() in _LANGUAGES else 0
    if export.file.endswith(".xlsx"):
        return _workbook(frame.rename(columns=headers))
    day = (*export.day, *export.day[:1] * len(_LANGUAGES))[at]
    for column in map(str, frame.select_dtypes("datetime")):
        whole = (frame[column].dt.normalize() == frame[column]).fillna(True).all()
        frame[column] = frame[column].dt.strftime(day if whole else f"{day} %H:%M")
    for column in map(str, frame.select_dtypes("number")):
        frame[column] = frame[column].map("{:.10g}".format, na_action="ignore")
    title = f"{_(export.title)}\n" if export.title else ""
    text: str = frame.rename(columns=headers).to_csv(index=False, lineterminator="\n")
    return (title + text).encode()


def _lines(table: str) -> Iterator[tuple[str, str]]:
    """Our word and the system's, in the language spoken."""
    at = _LANGUAGES.index(current_language()) if current_language() in _LANGUAGES else 0
    for line in table.strip().splitlines():
        ours, *theirs = (word.strip() for word in line.split("|"))
        yield ours, theirs[at]


def _workbook(frame: pd.DataFrame) -> bytes:
    """A workbook as Dynamics exports one: a sheet, true dates."""
    import xlsxwriter

    stream = BytesIO()
    with xlsxwriter.Workbook(
        stream, {"in_memory": True, "default_date_format": "yyyy-mm-dd hh:mm"}
    ) as book:
        book.set_properties({"created": dt.datetime(2026, 1, 1)})
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, list(frame))
        for row, values in enumerate(frame.astype(object).itertuples(index=False), start=1):
            for column, value in enumerate(values):
                if not pd.isna(value):
                    sheet.write(row, column, value)
    return stream.getvalue()


def _chats(tables: dict[str, pd.DataFrame]) -> Iterator[tuple[str, str]]:
    """Chats with some leads as an Android phone exports them: a file each."""
    leads = tables["leads"].dropna(subset=["phone", "owner"]).drop_duplicates("name", keep=False)
    title = _("WhatsApp Chat with {name}")
    for place, lead in enumerate(leads.head(_CHATS).to_dict("records")):
        at = lead["created"].floor("min")
        answered = at + pd.Timedelta(minutes=20 + 45 * place)
        messages: list[tuple[Any, str, str]] = [
            (at, lead["name"], _("Good morning, I would like to know more.")),
            (answered, lead["owner"], _("Gladly! May I call you?")),
            (answered + pd.Timedelta(hours=2), lead["name"], _("Tomorrow at ten, please.")),
        ]
        lines = [f"{time:%d/%m/%Y, %H:%M} - {who}: {text}" for time, who, text in messages]
        yield f"{title.format(name=lead['name'])}.txt", "\n".join(lines) + "\n"


_SAID = (  # what the sample's people are and do, for the catalogue
    N_("Organic search"), N_("Paid search"), N_("Social ads"), N_("LinkedIn"), N_("E-mail"),
    N_("Referral"), N_("Webinar"), N_("Trade fair"), N_("Direct"), N_("Content hub"),
    N_("Brand search"), N_("Generic search"), N_("Spring launch"), N_("Lookalike audience"),
    N_("Decision makers"), N_("Newsletter"), N_("Win-back"), N_("Customers bring customers"),
    N_("No-show webinar"), N_("Enrolment webinar"), N_("Autumn fair"), N_("Spring fair"),
    N_("Health"), N_("Dental"), N_("Education"), N_("Retail"), N_("Hospitality"),
    N_("Construction"), N_("Software"), N_("Agriculture"), N_("Clinic Manager"),
    N_("Practice Manager"), N_("Receptionist"), N_("Nurse"), N_("Owner and Head Teacher"),
    N_("Teacher"), N_("Secretary"), N_("Marketing Director"), N_("Head of Marketing"),
    N_("Shop Assistant"), N_("Consultant"), N_("Office Assistant"), N_("Student"),
    N_("Freelancer"), N_("No-shows"), N_("No-shows, fewer calls"), N_("Website"),
    N_("More enrolments"), N_("Online classes"), N_("Loyalty"), N_("Repeat visits"),
    N_("Cheaper ads"), N_("Curious"), N_("Compare prices"), N_("Homework"), N_("Spain"),
    N_("Portugal"), N_("Mexico"), N_("United Kingdom"), N_("United States"), N_("Germany"),
    N_("Meeting held"), N_("Proposal sent"), N_("Negotiation"), N_("Closed won"), N_("Closed lost"),
)  # fmt: skip
