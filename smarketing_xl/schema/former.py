"""What columns, entries of lists and sheets were called before: workbooks made then go on."""

from __future__ import annotations

HEADERS: dict[str, tuple[str, ...]] = {
    "Grades.grade": ("Grado",),
    "Grades.lowest": (
        "Lowest score",
        "Puntuación mínima",
    ),
    "Grades.qualified": (
        "Qualified",
        "Cualificado",
    ),
    "Interest.kind": (
        "Interaction",
        "Interacción",
    ),
    "Interest.half_life": ("Semivida en días",),
    "Scenarios.conv_rate": (
        "Conversion rate",
        "Tasa de conversión",
    ),
    "Leads.income": ("Renta",),
    "Leads.score": (
        "Score",
        "Puntuación",
    ),
    "Leads.grade": ("Grado",),
    "Leads.rule_grade": ("Grado según las reglas",),
    "Leads.interest": (
        "Interest",
        "Interés",
    ),
    "Leads.rating": (
        "Rating",
        "Calificación",
    ),
    "Leads.qualified": (
        "Qualified",
        "Cualificado",
    ),
    "Deals.amount": ("Importe",),
    "Customers.income": ("Renta",),
    "Interactions.kind": ("Kind",),
    "Interactions.by": (
        "By",
        "Por",
    ),
    "Spend.cost": ("Coste",),
    "Outcomes.qualified": ("Calificados (MQL)",),
    "Outcomes.accepted": ("Aceptados (SAL)",),
    "Pipeline.amount": ("Importe",),
    "Pipeline.without_amount": ("Sin importe",),
    "SlaPromises.group": ("Grado o persona",),
    "SlaMarketing.promised_qualified": ("Cualificados prometidos",),
    "SlaMarketing.delivered_qualified": ("Cualificados entregados",),
    "SlaSales.by_hand": ("Grados a mano",),
    "SlaLate.grade": ("Grado",),
    "SlaContact.grade": ("Grado",),
    "SlaContact.median": (
        "Half within",
        "La mitad en",
    ),
    "SlaContact.most": (
        "Nine of ten within",
        "Nueve de diez en",
    ),
    "SlaLine.promised_qualified": ("Cualificados prometidos",),
    "SlaLine.delivered_qualified": ("Cualificados entregados",),
    "Attribution.first": ("Primer contacto",),
    "Attribution.last": ("Último contacto",),
    "Attribution.cost": ("Coste",),
    "Attribution.roi": (
        "Return",
        "Retorno",
    ),
    "Campaigns.first": ("Primer contacto",),
    "Campaigns.last": ("Último contacto",),
    "Campaigns.cost": ("Coste",),
    "Campaigns.roi": (
        "Return",
        "Retorno",
    ),
    "SourceQuality.qualified": (
        "Qualified",
        "Cualificado",
    ),
    "SourceQuality.score": (
        "Score",
        "Puntuación",
    ),
    "SourceQuality.grade": ("Grado",),
    "SourceQuality.cost": ("Coste",),
    "SourceQuality.cost_per_lead": ("Coste por lead",),
    "SourceQuality.cost_per_qualified": ("Coste por lead cualificado",),
    "TopPaths.path": ("Del primer contacto a la venta",),
    "TopPaths.touches": ("Contactos",),
    "Proposal.take": (
        "Take",
        "Adoptar",
    ),
    "Proposal.flag": (
        "Beware",
        "Atención",
    ),
    "PersonaGrades.grade": ("Grado",),
    "PersonaGrades.lowest": (
        "Lowest score",
        "Puntuación mínima",
    ),
    "PersonaCalibration.score_from": (
        "Score from",
        "Puntuación desde",
    ),
    "PersonaCalibration.score_to": (
        "Score to",
        "Puntuación hasta",
    ),
    "PersonaRejections.said": (
        "Proposed change",
        "Cambio propuesto",
    ),
    "Log.what": (
        "What was filled",
        "Qué se rellenó",
    ),
    "Journal.fill": (
        "Fill",
        "Relleno",
    ),
    "Journal.what": (
        "What was filled",
        "Qué se rellenó",
    ),
}
"""The headers that a column had, by table and key."""
ENTRIES: dict[str, tuple[str, ...]] = {
    "Reasons.unreachable": ("No se le localiza",),
    "Reasons.outside_persona": ("No encaja con la persona",),
    "SlaStatuses.not_qualified": ("No cualificado",),
    "Models.first": ("Primer contacto",),
    "Models.last": ("Último contacto",),
    "Duties.first_contact": ("Primer contacto comercial",),
}
"""The labels that an entry of a list had, by list and entry."""
SHEETS: dict[str, tuple[str, ...]] = {
    "learned": (
        "Learned",
        "Aprendido",
    ),
    "set_aside": ("Apartado",),
}
"""The names that a sheet had."""
