"""What MkDocs calls: pages that stand at the top of the project become pages of the site too."""

from __future__ import annotations

import re
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

ROOT = Path(__file__).resolve().parents[1]
PAGES = {
    "README.md": "index.md",
    "CONTRIBUTING.md": "contributing.md",
    "CHANGELOG.md": "changelog.md",
    "LICENSE": "licence.md",
    "THIRD_PARTY_NOTICES.md": "third_party_notices.md",
}
_LINK = re.compile(r"\]\((?:\.\./)?(docs/)?([^)#]+)")


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add them, their links led to where their targets stand in the site."""
    for name, page in PAGES.items():
        text = _LINK.sub(_inside, (ROOT / name).read_text(encoding="utf-8"))
        if page == "licence.md":
            text = f"# Licence\n\n{text}"
        files.append(File.generated(config, page, content=text))
    return files


def on_page_markdown(markdown: str, /, **_kept: object) -> str:
    """Links of the pages in docs/ to those at the top lead to their pages in the site."""
    return _LINK.sub(_inside, markdown)


def _inside(link: re.Match[str]) -> str:
    target = link[2]
    return f"]({PAGES.get(target, target)}"
