'use client';
import type { ColumnProfile } from '#core/contracts/dataset.ts';
import { typeWords } from '../../_lib/dataset-words.ts';
import { Select } from '../ui/select.tsx';

export interface TargetSelectProps {
  readonly columns: readonly ColumnProfile[];
  readonly value: string | null;
  readonly onChange: (name: string) => void;
}

/** The column that the links in the table refer to. */
export function TargetSelect({ columns, value, onChange }: TargetSelectProps) {
  return (
    <div className="flex min-w-0 items-center gap-2 text-label text-muted">
      <span aria-hidden className="whitespace-nowrap">
        Link with
      </span>
      <Select
        aria-label="Target that the links refer to"
        value={value}
        onChange={onChange}
        placeholder="choose a target"
        options={columns
          .filter((column) => column.type !== 'ignore')
          .map((column) => ({ value: column.name, label: column.name, note: typeWords[column.type] }))}
        className="max-w-48"
      />
    </div>
  );
}
