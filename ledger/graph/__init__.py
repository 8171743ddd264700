"""Systems as a graph: who reads whose output, as pure arithmetic and as text.

`model` holds the graph, its feedback loops and what is upstream of a system; `text` and `dot` write it. Data flows from
a source to its readers, and so does every edge.
"""
