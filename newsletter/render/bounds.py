"""What a template may do: say what it is given, in loops that end, and nothing else.

Jinja2's immutable sandbox keeps templates from Python; here they are kept from taking without end.
Each filling has an allowance, spent by every step and every character made. It counts work, not
time, so that the same template ends the same way on every machine. Files are found by `Loader`,
which follows no link out of its folder. What an error says is left to `environment`.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from pathlib import Path
from types import BuiltinMethodType
from typing import Any, cast

from jinja2 import FileSystemLoader, TemplateNotFound, TemplateSyntaxError, nodes, pass_environment
from jinja2.environment import Environment
from jinja2.parser import Parser
from jinja2.runtime import Context, Undefined
from jinja2.sandbox import MAX_RANGE, ImmutableSandboxedEnvironment
from jinja2.visitor import NodeTransformer

from newsletter.errors import TooMuchError
from newsletter.files import is_inside

ALLOWANCE = 20_000_000
"""Characters made by one filling. An issue of five stories takes 50,000, one of 2,000 5 million."""

_STEP = 100
"""What a round of a loop, a call or a filter costs, in characters."""
_RECORD = 200
"""What is reckoned for one of a page's records, which may be shown as text too."""
_NUMBER = 10_000
"""The largest number that may say how often or how wide."""
_BITS = 4_096
"""The length of the largest whole number; no power goes beyond."""
_DEPTH, _LOOPS = 60, 12
"""How deep a template may be nested, and how deep its loops: Python takes 20 (static blocks)."""
_TOO_DEEP = "it is nested too deeply here"
_FORMAT_NUMBER = re.compile(r"[0-9]{5}")
_NUMBERS_ARE_VALUES = frozenset({"d", "default", "float", "format", "int", "max", "min", "string"})
_IMPURE_FILTERS, _IMPURE_GLOBALS = ("random",), ("lipsum",)

_left: ContextVar[list[int]] = ContextVar("_left")


class OutsideError(TemplateNotFound):
    """A template is a link to a file that is not among the templates; `name` is its path."""


@contextmanager
def allowance(units: int = ALLOWANCE) -> Iterator[None]:
    """What is filled inside may spend this much."""
    token = _left.set([units])
    try:
        yield
    finally:
        _left.reset(token)


def _spend(units: int) -> bool:
    left = _left.get()
    left[0] -= units
    if left[0] < 0:
        raise TooMuchError("a loop, a macro or a text here has no end, or none in sight")
    return True


class Loader(FileSystemLoader):
    """Templates by name, in the first folder that has one; no link leads out of it."""

    def get_source(
        self, environment: Environment, template: str
    ) -> tuple[str, str, Callable[[], bool]]:
        found = super().get_source(environment, template)
        folders = map(Path, self.searchpath)
        if not any(is_inside(Path(found[1]), folder) for folder in folders):
            raise OutsideError(found[1])
        return found


class BoundedEnvironment(ImmutableSandboxedEnvironment):
    """The sandbox, with an allowance; one is needed for compiling and for filling."""

    intercepted_binops = frozenset({"+", "*", "**", "%"})

    def __init__(self, **options: Any) -> None:
        super().__init__(**options, finalize=_shown)
        self.globals["range"] = _range
        for name in _IMPURE_FILTERS:
            del self.filters[name]
        for name in _IMPURE_GLOBALS:
            del self.globals[name]

    def bind(self) -> None:
        """Every filter and test that is here by now goes by the allowance."""
        for table in (self.filters, self.tests):
            for name, function in table.items():
                table[name] = _bounded(name, cast("Callable[..., Any]", function))

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        parser = Parser(self, source, name, filename)
        metered = _Metered(name, filename)
        try:
            tree: nodes.Template = metered.visit(parser.parse())
        except RecursionError as error:
            line = parser.stream.current.lineno
            raise TemplateSyntaxError(_TOO_DEEP, line, name, filename) from error
        tree.set_environment(self)
        return tree

    def spend(self, units: int) -> bool:
        return _spend(units)

    def weighed(self, value: Any) -> Any:
        _spend(_weight(value))
        return value

    def call(self, context: Context, called: Any, /, *args: Any, **kwargs: Any) -> Any:
        if getattr(called, "__self__", None) is self:  # `spend` and `weighed`, put in by us
            return called(*args)
        _spend(_STEP)
        name = getattr(called, "__name__", "")
        if isinstance(called, BuiltinMethodType):
            _check_sizes((called.__self__, *args))
            _check_numbers(args)
        if name in {"format", "format_map", "strftime"}:
            method = getattr(called, "__wrapped__", called)  # Jinja2 wraps str.format
            _check_format((getattr(method, "__self__", ""), *args))
        return self.weighed(super().call(context, called, *args, **kwargs))

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        _spend(_STEP)
        if operator == "%" and isinstance(left, str):
            _check_format((left,))
        elif operator == "*" and isinstance(left, int) != isinstance(right, int):
            times, many = (left, right) if isinstance(left, int) else (right, left)
            _spend(_weight(many) * max(int(times), 0) if isinstance(times, int) else 0)
        elif operator in {"*", "**"} and isinstance(left, int) and isinstance(right, int):
            of_right = max(right, 0) if operator == "**" else 1
            if left.bit_length() * of_right + right.bit_length() > _BITS:
                raise TooMuchError("a number here is too large")
        return self.weighed(super().call_binop(context, operator, left, right))


def _range(*args: int) -> range:
    found = range(*args)
    if len(found) > MAX_RANGE:
        raise TooMuchError(f"a range here is longer than {MAX_RANGE:,}")
    return found


class _Metered(NodeTransformer):
    """Puts what is spent into a template's tree: each round, each call, each text put together."""

    def __init__(self, name: str | None, filename: str | None) -> None:
        self._template = name, filename
        self._depth = self._loops = 0

    def visit(self, node: nodes.Node, *args: Any, **kwargs: Any) -> Any:
        is_loop = isinstance(node, nodes.For)
        self._depth += 1
        self._loops += is_loop
        if self._depth > _DEPTH or self._loops > _LOOPS:
            raise TemplateSyntaxError(_TOO_DEEP, node.lineno, *self._template)
        found = super().visit(node, *args, **kwargs)
        self._depth -= 1
        self._loops -= is_loop
        return found

    def visit_Template(self, node: nodes.Template) -> nodes.Node:  # noqa: N802 - as Jinja2 has it
        return self._begun(node)

    def visit_Macro(self, node: nodes.Macro) -> nodes.Node:  # noqa: N802
        return self._begun(node)

    def visit_CallBlock(self, node: nodes.CallBlock) -> nodes.Node:  # noqa: N802
        return self._begun(node)

    def visit_Block(self, node: nodes.Block) -> nodes.Node:  # noqa: N802
        return self._begun(node)

    def visit_For(self, node: nodes.For) -> nodes.Node:  # noqa: N802
        self._begun(node)
        if node.test is not None:
            node.test = nodes.And(_call("spend", nodes.Const(_STEP), node), node.test)
        return _placed(node)

    def visit_Concat(self, node: nodes.Concat) -> nodes.Node:  # noqa: N802
        self.generic_visit(node)
        return _weighed(node)

    def visit_Compare(self, node: nodes.Compare) -> nodes.Node:  # noqa: N802
        self.generic_visit(node)
        node.expr = _weighed(node.expr)
        for one in node.ops:
            one.expr = _weighed(one.expr)
        return node

    def visit_Getitem(self, node: nodes.Getitem) -> nodes.Node:  # noqa: N802
        self.generic_visit(node)
        return _weighed(node) if isinstance(node.arg, nodes.Slice) else node

    def _begun(self, node: Any) -> nodes.Node:
        written = sum(len(one.data) for one in node.find_all(nodes.TemplateData))
        self.generic_visit(node)
        first = nodes.ExprStmt(_call("spend", nodes.Const(_STEP + written), node))
        node.body.insert(0, first.set_lineno(node.lineno))
        return _placed(node)


def _call(name: str, argument: nodes.Expr, at: nodes.Node) -> nodes.Expr:
    call = nodes.Call(nodes.EnvironmentAttribute(name), [argument], [], None, None)
    return call.set_lineno(at.lineno)  # type: ignore[return-value]


def _weighed(node: nodes.Expr) -> nodes.Expr:
    return _call("weighed", node, node)


def _placed(node: nodes.Node) -> nodes.Node:
    """With a line for what was put in without one."""
    return node.set_lineno(node.lineno)


@pass_environment
def _shown(environment: Environment, value: Any) -> Any:  # noqa: ARG001 - keeps Jinja2 from folding
    _spend(_weight(value))
    return value


def _bounded(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    """A filter or test that spends what it takes and makes; a lazy list is made at once."""

    @wraps(function)
    def spending(*args: Any, **kwargs: Any) -> Any:
        given = [one for one in args if not isinstance(one, Environment | Context)]
        given += kwargs.values()
        _spend(_STEP + sum(map(_weight, given)))
        _check_sizes(given)
        if name == "format":
            _check_format(given[:1])
        elif name == "sum" and any(isinstance(one, Sequence) for one in given[2:]):
            raise TooMuchError("sum adds numbers here, and no lists")
        elif name not in _NUMBERS_ARE_VALUES:
            _check_numbers(given[1:])
        made = function(*args, **kwargs)
        if isinstance(made, Iterator):
            made = [one for one in made if _spend(_weight(one) + 1)]
        else:
            _spend(_weight(made))
        return made

    return spending


def _check_sizes(given: Sequence[Any]) -> None:
    """No text times another, as `join` and `replace` make, that could not be paid for."""
    first, second = sorted([0, 0, *map(_weight, given)])[-2:]
    if first * second > _left.get()[0]:
        raise TooMuchError("a text here would be too long")


def _check_numbers(given: Sequence[Any]) -> None:
    if any(isinstance(one, int) and abs(one) > _NUMBER for one in given):
        raise TooMuchError(f"a number here is above {_NUMBER:,}")


def _check_format(given: Sequence[Any]) -> None:
    """No width of five figures, and none that stands elsewhere."""
    texts = [str(one) for one in given if isinstance(one, str)]
    pattern = texts[0] if texts else ""
    is_nested = "*" in pattern or re.search(r"\{[^{}]*\{", pattern) is not None
    if is_nested or any(_FORMAT_NUMBER.search(one) for one in (pattern, *texts[1:])):
        raise TooMuchError("a format here has a width that is too large, or that is not written")


def _weight(value: Any, depth: int = 0) -> int:
    """About how many characters a value has, were it shown."""
    if isinstance(value, str | range | bytes):
        return len(value)
    match value:
        case int():
            return value.bit_length() // 3
        case dict():
            inside: Any = [*value.keys(), *value.values()]
        case list() | tuple() | set() | frozenset():
            inside = value
        case None | float() | Undefined():
            return 1
        case _:
            return _RECORD
    if depth > 20:
        raise TooMuchError("lists stand in lists without an end here")
    total, most = len(inside), _left.get()[0]
    for one in inside:
        total += _weight(one, depth + 1)
        if total > most:
            break
    return total
