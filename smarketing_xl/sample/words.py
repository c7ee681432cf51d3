"""What the invented people and firms are made of; no name, address or number belongs to anyone."""

from __future__ import annotations

FIRST_NAMES = (
    "Alba", "Bruno", "Carla", "Darío", "Elena", "Felix", "Greta", "Hugo", "Inés", "Jonas",
    "Karin", "Luca", "Marta", "Nuno", "Olga", "Pablo", "Quim", "Rosa", "Saúl", "Tessa",
    "Ugo", "Vera", "Walter", "Xenia", "Yago", "Zoe",
)  # fmt: skip
SURNAMES = (
    "Ejemplez", "Muestrado", "Ficticio", "Inventado", "Demoreira", "Pruebalba", "Samplewood",
    "Mockridge", "Placeholt", "Testerly", "Dummett-Demo", "Fauxley", "Modellino", "Provetti",
    "Musterfrau", "Beispielmann", "Exemplário", "Amostral", "Nadiesco", "Quimérez",
)  # fmt: skip
FIRM_WORDS = (
    "Lorem", "Ipsum", "Dolor", "Amet", "Tempor", "Magna", "Aliqua", "Veniam", "Nostrud",
    "Ullamco", "Commodo", "Irure", "Velit", "Cillum", "Fugiat", "Sint", "Officia", "Mollit",
    "Laborum", "Elit", "Sed", "Labore", "Minim", "Quis", "Nisi", "Aute", "Esse", "Nulla",
)  # fmt: skip
FIRM_KINDS = {
    "Health": ("Clinic", "Physio", "Medical Centre"),
    "Dental": ("Dental", "Smiles", "Orthodontics"),
    "Education": ("Academy", "School", "Tutors"),
    "Retail": ("Stores", "Market", "Outlet"),
    "Hospitality": ("Hotels", "Resorts", "Restaurants"),
    "Construction": ("Builders", "Works"),
    "Software": ("Systems", "Labs"),
    "Agriculture": ("Farms", "Orchards"),
}
SUFFIXES = ("S.L.", "S.A.", "Ltd", "Inc.", "GmbH", "Lda", "")

# country: (share of leads, cities, telephone number of the n-th person)
COUNTRIES: dict[str, tuple[float, tuple[str, ...], str]] = {
    "Spain": (
        0.46,
        ("Madrid", "Barcelona", "Valencia", "Sevilla", "Bilbao"),
        "+34 000 {:03} {:03}",
    ),
    "Portugal": (0.16, ("Lisboa", "Porto", "Braga"), "+351 000 {:03} {:03}"),
    "Mexico": (0.12, ("Ciudad de México", "Monterrey", "Mérida"), "+52 00 0000 {1:04}"),
    "United Kingdom": (0.11, ("London", "Leeds", "Bristol"), "+44 20 7946 0{1:03}"),
    "United States": (0.08, ("Austin", "Denver", "Miami"), "+1 {0} 555 01{2:02}"),
    "Germany": (0.07, ("Berlin", "Hamburg", "Köln"), "+49 30 23125 {1:03}"),
}

NEWCOMERS = 3  # owners from this one on start in spring
STARTS = ("2025-01-01", "2025-01-01", "2025-01-01", "2026-03-02", "2026-04-01")
"""The first day of each owner."""

OWNERS = ("Ana Demo", "Ben Sample", "Cora Muestra", "Dan Mock", "Eva Ejemplo")
