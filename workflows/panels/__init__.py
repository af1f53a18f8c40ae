"""Panel meetings: when a panel meets, what is on its agenda, its papers, its minutes, substitutes."""
