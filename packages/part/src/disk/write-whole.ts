import { open, rename, rm } from 'node:fs/promises';

/** Writes a file for this user alone, on the disk when that is done: it has all of the text, or is what it was before. */
export async function writeWhole(path: string, text: string): Promise<void> {
  const aside = `${path}.new`;
  try {
    await using file = await open(aside, 'w', 0o600);
    await file.writeFile(text);
    await file.sync();
  } catch (error) {
    // It would take room on a full disk.
    await rm(aside, { force: true });
    throw error;
  }
  await rename(aside, path);
}
