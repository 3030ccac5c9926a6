"""Hooks of the docs site: pages of the checkout's root, links to them, and a place for every page that has none."""

import posixpath
import re
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

ROOT = Path(__file__).resolve().parent.parent
PROJECT = "project"
"""The folder of the site for what stands beside docs."""
BESIDE = ("CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md", "THREAT_MODEL.md", "LICENSE", "deploy/**/*")
SECTIONS = {
    "guides": "Guides",
    "howto": "How to",
    "formats": "Formats",
    "reference": "Reference",
    "adr": "Decisions",
    "people": "For whom",
    "": "How it is built",
}
"""Where the pages of a folder stand in the navigation, unless mkdocs.yml says it for one."""
LINKED = ("reference/findings/",)
"""Pages that another page lists: they would fill the navigation."""
FOREIGN = re.compile(r"""<(?:script|link|img|iframe|source)\b[^>]*\b(?:src|href)=["']?(?:https?:)?//[^"'\s>]+""")
"""What a reader's browser would load from somewhere else."""
HREF = re.compile(r"""<a\b[^>]*\bhref=["']?([^"'\s>#]+\.html)""")
LINK = re.compile(r"(?P<before>\]\()(?P<target>[^)\s#:]+)(?P<after>[)#])")


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Put each page that the navigation leaves out under its folder's section."""
    docs = Path(config.docs_dir)
    named = set(re.findall(r"'([^']+\.md)'", str(config.nav)))
    for path in sorted(docs.rglob("*.md")):
        name = path.relative_to(docs).as_posix()
        if name in named or name.startswith(LINKED):
            continue
        section = SECTIONS.get(name.rpartition("/")[0], SECTIONS[""])
        (pages,) = (entry[section] for entry in config.nav if isinstance(entry, dict) and section in entry)
        pages.insert(0, name) if path.name == "README.md" else pages.append(name)
    return config


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Bring what stands beside docs."""
    for pattern in BESIDE:
        for path in sorted(ROOT.glob(pattern)):
            if path.is_file():
                name = f"{PROJECT}/{path.relative_to(ROOT).as_posix()}"
                files.append(File.generated(config, name, abs_src_path=str(path)))
    return files


def on_page_markdown(markdown: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Lead links between docs and what stands beside it to where that is in the site."""
    here = posixpath.dirname(page.file.src_uri)
    inside = f"{PROJECT}/"
    in_checkout = here.removeprefix(PROJECT).lstrip("/") if f"{here}/".startswith(inside) else f"docs/{here}"

    def led(found: re.Match[str]) -> str:
        path = posixpath.normpath(posixpath.join(in_checkout, found["target"]))
        name = path.removeprefix("docs/") if path.startswith("docs/") else f"{PROJECT}/{path}"
        if files.get_file_from_path(name) is None:
            return found[0]
        return f"{found['before']}{posixpath.relpath(name, here or '.')}{found['after']}"

    return LINK.sub(led, markdown)


def on_post_build(*, config: MkDocsConfig) -> None:
    """Refuse a site that loads something from outside, or has a page to which nothing leads."""
    site = Path(config.site_dir)
    pages = {path.relative_to(site).as_posix(): path.read_text(encoding="utf-8") for path in site.rglob("*.html")}
    for name, text in pages.items():
        if found := FOREIGN.search(text):
            raise PluginError(f"{name} loads something from outside: {found[0]}")
    led_to = {
        posixpath.normpath(posixpath.join(posixpath.dirname(name), target))
        for name, text in pages.items()
        for target in HREF.findall(text)
        if posixpath.normpath(posixpath.join(posixpath.dirname(name), target)) != name
    }
    if lost := sorted(set(pages) - led_to - {"index.html", "404.html"}):
        raise PluginError(f"No page leads to {lost[0]} ({len(lost)} such pages): link it, or name it in mkdocs.yml")
