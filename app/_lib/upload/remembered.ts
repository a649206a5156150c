'use client';
/**
 * Unfinished uploads by file, so that dropping the same file again goes on where it broke, also after a reload.
 * A file is the same when project, purpose, name, size and time of change agree; the server's hash has the last word.
 */
const store = 'warmstart.uploads';
const keepMost = 40;

interface Entry {
  readonly key: string;
  readonly uploadId: string;
}

function read(): Entry[] {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(store) ?? '[]');
    if (!Array.isArray(value)) return [];
    return value.filter(
      (one): one is Entry =>
        typeof one === 'object' && one !== null && typeof one.key === 'string' && typeof one.uploadId === 'string',
    );
  } catch {
    return [];
  }
}

function write(entries: readonly Entry[]): void {
  try {
    localStorage.setItem(store, JSON.stringify(entries.slice(-keepMost)));
  } catch {
    // Storage may be full or off; then an upload only resumes within this page.
  }
}

export function fileKey(projectId: string, file: File): string {
  return [projectId, file.name, file.size, file.lastModified].join('|');
}

export function recallUpload(key: string): string | null {
  return read().find((entry) => entry.key === key)?.uploadId ?? null;
}

export function rememberUpload(key: string, uploadId: string): void {
  write([...read().filter((entry) => entry.key !== key), { key, uploadId }]);
}

export function forgetUpload(key: string): void {
  write(read().filter((entry) => entry.key !== key));
}
