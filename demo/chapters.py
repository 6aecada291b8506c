"""The chapters of the story: their headings as they begin, and a summary of them at the end."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from rich.console import Console
from rich.table import Table


@dataclass
class Chapter:
    """One thing that is done and checked; whoever tells it says how it came out."""

    title: str
    outcome: str = ""
    seconds: float = 0.0
    done: bool = False


@dataclass
class Chapters:
    """What has been told so far. A chapter that raised is not done."""

    console: Console
    told: list[Chapter] = field(default_factory=list)

    @contextmanager
    def chapter(self, title: str) -> Iterator[Chapter]:
        """Tell a chapter."""
        chapter = Chapter(title)
        self.told.append(chapter)
        self.console.print()
        self.console.rule(f"[bold]{len(self.told)}. {title}[/bold]", align="left", style="dim")
        started = time.perf_counter()
        try:
            yield chapter
            chapter.done = True
        finally:
            chapter.seconds = time.perf_counter() - started
        self.console.print(f"[green]✓[/green] {chapter.outcome}")

    def summary(self) -> Table:
        """All chapters, one a line."""
        table = Table("", "step", "what happened", "seconds", title="What you have seen")
        table.columns[-1].justify = "right"
        for chapter in self.told:
            mark = "[green]✓[/green]" if chapter.done else "[red]✗[/red]"
            table.add_row(mark, chapter.title, chapter.outcome, f"{chapter.seconds:.1f}")
        return table
