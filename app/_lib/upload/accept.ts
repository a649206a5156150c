/** Files that ingest reads, and why another is not taken. */
export const acceptedExtensions = [
  '.csv',
  '.tsv',
  '.tab',
  '.txt',
  '.parquet',
  '.jsonl',
  '.ndjson',
  '.gz',
  '.zst',
  '.zip',
  '.json',
] as const;
export const acceptAttribute = acceptedExtensions.join(',');

/** @returns a sentence that names the file and the fix, or null when the file may go */
export function whyNotAccepted(file: { readonly name: string; readonly size: number }): string | null {
  if (file.size === 0) return `${file.name} is empty.`;
  const name = file.name.toLowerCase();
  if (/\.(xlsx?|ods|numbers)$/.test(name)) return `${file.name} is a spreadsheet. Save the sheet as CSV and drop that.`;
  if (/\.(7z|rar|tar|tgz)$/.test(name)) return `${file.name} is an archive. Unpack it and drop the table inside.`;
  if (acceptedExtensions.some((extension) => name.endsWith(extension))) return null;
  return `${file.name} is no CSV, TSV, Parquet or JSON lines file.`;
}
