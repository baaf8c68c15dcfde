from collections.abc import Callable

class Resolver:
    def __init__(self, function_resolver: Callable[[str], object] = ...) -> None: ...
