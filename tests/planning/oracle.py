"""Slow and obvious answers to hold the search against. Shares no code and no idea with it.

No heap, no order, no lower bound, no truncated dimension: sets of tuples at every node, relaxed over all arcs
until nothing changes. Arcs are plain tuples (tail, head, cost vector).
"""

from collections.abc import Sequence

Vector = tuple[int, ...]
Arc = tuple[int, int, Vector]


def no_worse(one: Vector, other: Vector) -> bool:
    """Whether `one` weakly dominates `other`."""
    return all(a <= b for a, b in zip(one, other, strict=True))


def undominated(vectors: set[Vector]) -> set[Vector]:
    """Vectors that no other vector of the set weakly dominates."""
    return {v for v in vectors if not any(w != v and no_worse(w, v) for w in vectors)}


def oracle_front(
    n_nodes: int, arcs: Sequence[Arc], objectives: int, source: int, target: int
) -> list[Vector]:
    """The front in lexicographic order."""
    at: list[set[Vector]] = [set() for _ in range(n_nodes)]
    at[source] = {(0,) * objectives}
    changed = True
    while changed:
        changed = False
        for tail, head, cost in arcs:
            arrived = {tuple(a + c for a, c in zip(vector, cost, strict=True)) for vector in at[tail]}
            merged = undominated(at[head] | arrived)
            if merged != at[head]:
                at[head] = merged
                changed = True
    return sorted(at[target])


def walk(arcs: Sequence[Arc], path: Sequence[int], objectives: int, source: int, target: int) -> Vector:
    """The cost of a path of arc numbers, after checking that it is a simple path from source to target."""
    node, visited, total = source, {source}, (0,) * objectives
    for number in path:
        tail, head, cost = arcs[number]
        assert tail == node, f"arc {number} does not start at {node}"
        assert head not in visited, f"node {head} is visited twice"
        visited.add(head)
        node, total = head, tuple(a + c for a, c in zip(total, cost, strict=True))
    assert node == target, f"the path ends at {node}"
    return total
