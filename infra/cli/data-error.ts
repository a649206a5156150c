/** A refusal of a file in plain words: place, value and fix. */
import type { DataErrorDetail } from '#core/contracts/dataset.ts';

export function describeDataError(detail: DataErrorDetail | null, name: string): string {
  if (!detail) return `${name} could not be read.`;
  const place = [
    detail.file ?? name,
    detail.line ? `line ${detail.line}` : '',
    detail.column ? `column "${detail.column}"` : '',
  ].filter(Boolean);
  const value = detail.value ? ` Value: ${JSON.stringify(detail.value)}.` : '';
  return `${place.join(', ')}: ${detail.message}${value}${detail.fix ? `\n${detail.fix}` : ''}`;
}
