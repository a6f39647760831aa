"""The short names under which a peer knows who texts: of plants and birds, none a person's."""

from typing import Final

NAMES: Final = (
    *("Fern", "Maple", "Heron", "Cedar", "Finch", "Clover", "Birch", "Plover", "Thistle"),
    *("Acorn", "Alder", "Aspen", "Avocet", "Bamboo", "Barley", "Bluebell", "Bracken", "Bunting"),
    *("Cactus", "Cattail", "Chickadee", "Chicory", "Cowslip", "Crane", "Crocus", "Curlew"),
    *("Cypress", "Dandelion", "Dipper", "Egret", "Elder", "Foxglove", "Gannet", "Gorse"),
    *("Goldfinch", "Grouse", "Hawthorn", "Hazelnut", "Kestrel", "Kingfisher", "Larch", "Lichen"),
    *("Lupine", "Mallard", "Milkweed", "Moss", "Mulberry", "Nettle", "Nuthatch", "Oriole"),
    *("Osprey", "Pelican", "Pinecone", "Puffin", "Quail", "Redwood", "Sandpiper", "Sorrel"),
    *("Sparrow", "Spruce", "Starling", "Swallow", "Tamarack", "Teasel", "Tern", "Warbler"),
    *("Waxwing", "Wheatear", "Yarrow"),
)
