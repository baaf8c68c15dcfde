"""A run as one HTML page that needs nothing beside it."""

from __future__ import annotations

import html
import itertools
import typing

from contract_testing import commands, layers
from contract_testing.evidence import answer_text, request_text

if typing.TYPE_CHECKING:
    import pathlib
    from collections.abc import Iterable, Iterator, Sequence

    from contract_testing.coverage import Coverage, Pair
    from contract_testing.links import FollowedLinks
    from contract_testing.parts import Part, PartResult
    from contract_testing.report import Report
    from contract_testing.run import Finding

__all__ = ["write_page"]

_STYLE: typing.Final = """
:root { color-scheme: light dark; --line: #8884; --good: #1a7f3722; --bad: #cf222e33;
  --asked: #9a670022; --none: #8882; }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 76rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.15rem; margin-top: 2.2rem; }
.wide { overflow-x: auto; } table { border-collapse: collapse; margin: .6rem 0; }
th, td { border: 1px solid var(--line); padding: .2rem .55rem; text-align: left; vertical-align: top; }
td.n { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
pre { background: #8881; padding: .6rem; overflow-x: auto; white-space: pre-wrap;
  overflow-wrap: anywhere; margin: .3rem 0; }
code { font-size: .92em; } .good { background: var(--good); } .bad { background: var(--bad); }
.asked { background: var(--asked); } .none { background: var(--none); }
.verdict { padding: .7rem 1rem; border-radius: .4rem; font-weight: 600; }
article { border-left: .3rem solid #cf222e; padding-left: .8rem; margin: 1rem 0; }
summary { cursor: pointer; } .quiet { opacity: .75; }
"""


def write_page(report: Report, path: pathlib.Path) -> None:
    """Write a run as an HTML page."""
    parts = itertools.chain(
        _head(report),
        _findings(report),
        _layers(report),
        _not_applicable(report),
        _matrix(report.coverage),
        _links(report.links),
        _inputs(report.coverage),
        _properties(report.coverage),
    )
    # A table wider than the window moves by itself, also by keyboard, and not the whole page.
    body = "\n".join(parts).replace("<table>", '<div class="wide" tabindex="0"><table>')
    body = body.replace("</table>", "</table></div>")
    path.write_text(
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width">\n'
        f"<title>Contract tests</title>\n<style>{_STYLE}</style>\n</head>\n"
        f"<body>\n{body}\n</body>\n</html>\n",
        encoding="utf-8",
    )


def _head(report: Report) -> Iterator[str]:
    findings = report.findings
    yield "<h1>Contract tests</h1>"
    if findings:
        operations = {each.operation for each in findings if each.operation}
        where = f" in {_many(len(operations), 'operation')}" if operations else ""
        yield f'<p class="verdict bad">{_many(len(findings), "finding")}{where}</p>'
    elif not report.undone:
        yield '<p class="verdict good">Document, server and client hold together</p>'
    if report.undone:
        names = ", ".join(map(str, report.undone))
        yield f'<p class="verdict bad">The run was ended before its time. Not done: {names}</p>'
    pairs = _of(report.coverage.share_of_pairs())
    yield (
        f"<p>{_text(report.server)}. {len(report.cases)} cases, {report.requests} requests, "
        f"{report.seconds:.0f} s. {pairs} operations by status. "
        f"Repeat: <code>{_text(commands.whole(report.options))}</code></p>"
    )


def _findings(report: Report) -> Iterator[str]:
    if not report.findings:
        return
    yield "<h2>Findings</h2>"
    by_operation = sorted(
        report.findings_by_part, key=lambda each: (each[1].operation or "", each[0].layer)
    )
    for part, finding in by_operation:
        yield from _finding(part, finding, commands.again(report.options, part, finding))


def _finding(part: Part, finding: Finding, again: str) -> Iterator[str]:
    kind = "something failed unexpectedly" if finding.crashed else finding.rule
    yield (
        f"<article><strong>{_text(finding.operation or 'The whole')}</strong>: {_text(kind)} "
        f'<span class="quiet">(layer {part})</span><pre>{_text(finding.message)}</pre>'
    )
    if finding.exchange is not None:
        yield (
            "<details open><summary>The last request before it, and its answer</summary>"
            f"<pre>{_text(request_text(finding.exchange))}</pre>"
            f"<pre>{_text(answer_text(finding.exchange))}</pre></details>"
        )
    yield f'<span class="quiet">Again: <code>{_text(again)}</code></span></article>'


def _layers(report: Report) -> Iterator[str]:
    yield "<h2>Layers</h2><table><tr><th>layer<th>question<th>cases<th>requests<th>seconds<th>findings<th>notes</tr>"
    by_layer = itertools.groupby(
        sorted(report.results, key=lambda each: layers.LETTERS.index(each.part.layer)),
        key=lambda each: each.part.layer,
    )
    for letter, results in by_layer:
        yield _layer(letter, list(results))
    yield "</table>"


def _layer(letter: str, results: list[PartResult]) -> str:
    found = sum(len(each.findings) for each in results)
    notes = "<br>".join(
        _text(f"{each.part}: {note}" if len(results) > 1 else note)
        for each in results
        for note in each.notes
    )
    return (
        f"<tr><td>{letter}: {_text(results[0].name)}<td>{_text(results[0].question)}"
        f'<td class="n">{sum(len(each.cases) for each in results)}'
        f'<td class="n">{sum(each.requests for each in results)}'
        f'<td class="n">{sum(each.seconds for each in results):.0f}'
        f'<td class="n {"bad" if found else "good"}">{found}<td>{notes}</tr>'
    )


def _not_applicable(report: Report) -> Iterator[str]:
    if not report.not_applicables:
        return
    yield "<h2>Not tried on this server</h2><table><tr><th>layer<th>rule<th>why</tr>"
    for each in report.not_applicables:
        yield f"<tr><td>{each.layer}<td>{_text(each.rule)}<td>{_text(each.reason)}</tr>"
    yield "</table>"
    if report.from_examples:
        names = ", ".join(f"<code>{_text(name)}</code>" for name in report.from_examples)
        yield f"<p>Without a handler in the mock, answered from the document's examples: {names}.</p>"


def _matrix(coverage: Coverage) -> Iterator[str]:
    yield (
        f"<h2>Operations by status: {_of(coverage.share_of_pairs())}</h2>"
        '<p class="quiet">How often each documented status came. <span class="asked">asked '
        "1</span>: only because a <code>Prefer</code> header asked for it.</p>"
    )
    statuses = sorted({pair.status for pair in coverage.pairs})
    yield "<table><tr><th>operation" + "".join(f"<th>{each}" for each in statuses) + "</tr>"
    for operation, pairs in itertools.groupby(coverage.pairs, key=lambda pair: pair.operation):
        by_status = {pair.status: pair for pair in pairs}
        cells = "".join(_cell(by_status.get(status)) for status in statuses)
        yield f"<tr><td>{_text(operation)}{cells}</tr>"
    yield "</table>"
    missed = [pair for pair in coverage.pairs if pair.reason is not None]
    if missed:
        yield "<h3>Never came</h3><ul>"
        for pair in missed:
            yield f"<li>{_text(pair.operation)} {pair.status}: {_text(pair.reason or '')}</li>"
        yield "</ul>"
    if coverage.undocumented:
        yield "<h3>Came without being documented</h3><p>Requests of layer P with methods that the "
        yield "document does not have are answered with 405, as RFC 9110 asks, and so on:</p><ul>"
        for operation, status, count in coverage.undocumented:
            yield f"<li>{_text(operation)} {status}: {count} times</li>"
        yield "</ul>"


def _cell(pair: Pair | None) -> str:
    if pair is None:
        return "<td>"
    if pair.seen:
        return f'<td class="n good">{pair.seen}'
    return f'<td class="n asked">asked {pair.asked}' if pair.asked else '<td class="n bad">0'


def _links(links: Sequence[FollowedLinks]) -> Iterator[str]:
    if not links:
        return
    shares = ", ".join(f"{_of(each.share())} in layer {each.layer}" for each in links)
    yield f"<h2>Links followed: {shares}</h2>"
    for each in links:
        yield from _list_of(
            f"Not followed in layer {each.layer}",
            [f"{link}: {reason}" for link, reason in each.reasons.items() if reason is not None],
        )


def _inputs(coverage: Coverage) -> Iterator[str]:
    yield (
        f"<h2>Parameters and properties of requests: {_of(coverage.share_of_inputs())}</h2>"
        "<details><summary>All of them</summary><table>"
        "<tr><th>operation<th>where and name<th>in accepted requests<th>in refused ones</tr>"
    )
    for each in coverage.inputs:
        accepted = "good" if each.accepted else "bad"
        yield (
            f"<tr><td>{_text(each.operation)}<td>{_text(each.name)}"
            f'<td class="n {accepted}">{each.accepted}<td class="n">{each.refused}</tr>'
        )
    yield "</table></details>"
    yield from _list_of(
        "In no accepted request",
        [f"{each.operation} {each.name}" for each in coverage.inputs if not each.accepted],
    )


def _properties(coverage: Coverage) -> Iterator[str]:
    yield (
        f"<h2>Properties of answers: {_of(coverage.share_of_properties())}</h2>"
        "<details><summary>By schema</summary><table><tr><th>schema<th>seen<th>of</tr>"
    )
    by_schema = itertools.groupby(
        coverage.properties.items(), key=lambda entry: entry[0].partition(".")[0]
    )
    for schema, entries in by_schema:
        counts = [count for _, count in entries]
        seen = sum(count > 0 for count in counts)
        kind = "good" if seen == len(counts) else "bad"
        yield f'<tr><td>{_text(schema)}<td class="n {kind}">{seen}<td class="n">{len(counts)}</tr>'
    yield "</table></details>"
    yield from _list_of("In no answer of this run", _unseen(coverage))


def _unseen(coverage: Coverage) -> Iterator[str]:
    """Yield the properties that no answer had, by schema, with the reason."""
    by_schema = itertools.groupby(
        coverage.properties.items(), key=lambda entry: entry[0].rpartition(".")[0]
    )
    for schema, entries in by_schema:
        counts = dict(entries)
        names = [name.rpartition(".")[2] for name, count in counts.items() if not count]
        if not names:
            continue
        most = max(counts.values())
        reason = (
            f"looked at in {most} answers, in none of which the server gave it"
            if most
            else f"no {schema} came in any answer"
        )
        yield f"{schema}: {', '.join(names)} ({reason})"


def _list_of(title: str, lines: Iterable[str]) -> Iterator[str]:
    shown = list(lines)
    if shown:
        yield f"<details><summary>{_text(title)}: {len(shown)}</summary><ul>"
        yield from (f"<li>{_text(line)}</li>" for line in shown)
        yield "</ul></details>"


def _of(share: tuple[int, int]) -> str:
    done, total = share
    return f"{done} of {total}"


def _many(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _text(text: str) -> str:
    return html.escape(text)
