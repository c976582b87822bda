/** All items of batches that are read one after the other. */
export async function collectBatches<Item>(batches: AsyncIterable<readonly Item[]>): Promise<Item[]> {
  const items: Item[] = [];
  for await (const batch of batches) items.push(...batch);
  return items;
}

/** The batches with every item turned into something else, one batch in memory at a time. */
export async function* mapBatches<Item, Other>(
  batches: AsyncIterable<readonly Item[]>,
  map: (item: Item) => Other,
): AsyncGenerator<Other[]> {
  for await (const batch of batches) yield batch.map((item) => map(item));
}
