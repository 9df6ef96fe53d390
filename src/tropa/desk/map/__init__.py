"""The desk's own map: borders drawn once from a public set, ways and places laid over them. No third party is
asked.
"""
