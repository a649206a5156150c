'use client';
/** The form of one row, made from the file's own description of its columns. Every field may stay empty: missing. */
import type { ModelMetadata } from '#core/contracts/result.ts';
import { significant } from '../../_lib/format.ts';
import { Input, Select } from '../ui/index.ts';

export type Column = ModelMetadata['columns'][number];
/** Text per graph input; the empty string is missing. */
export type FormRow = Readonly<Record<string, string>>;

const listedCategories = 40;
const missing = '\u0000missing';

/** The usual value of every column, as text. */
export function typicalRow(columns: readonly Column[]): FormRow {
  return Object.fromEntries(
    columns.map(({ input, typical }) => [input, typical === null || typical === undefined ? '' : String(typical)]),
  );
}

/** Cells as the model takes them. */
export function rawRow(columns: readonly Column[], form: FormRow): Record<string, string | null> {
  return Object.fromEntries(columns.map(({ input }) => [input, form[input]?.trim() || null]));
}

function hintOf(column: Column): string {
  const { min, max, type } = column;
  if (type === 'number' && typeof min === 'number' && typeof max === 'number') {
    return `${significant(min, 3)} to ${significant(max, 3)}`;
  }
  return type === 'number' ? 'number' : type;
}

export interface FieldRowProps {
  readonly column: Column;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

export function FieldRow({ column, value, onChange }: FieldRowProps) {
  const { categories, type, name, input } = column;
  const listed = categories && categories.length > 0 && categories.length <= listedCategories ? categories : null;
  const wrong = type === 'number' && value.trim() !== '' && !Number.isFinite(Number(value));
  const listId = `list-${input}`;
  return (
    <div className="grid grid-cols-[minmax(0,1fr)_minmax(0,10rem)] items-center gap-3">
      <span id={`name-${input}`} className="truncate text-table text-muted" title={`${name}: ${hintOf(column)}`}>
        {name}
      </span>
      {listed ? (
        <Select
          aria-label={name}
          value={value === '' ? missing : value}
          onChange={(next) => onChange(next === missing ? '' : next)}
          options={[
            { value: missing, label: <span className="text-faint">missing</span> },
            ...(value !== '' && !listed.includes(value) ? [{ value, label: value, note: 'not seen in training' }] : []),
            ...listed.map((one) => ({ value: one, label: one })),
          ]}
        />
      ) : (
        <>
          <Input
            aria-label={name}
            aria-invalid={wrong || undefined}
            value={value}
            inputMode={type === 'number' ? 'decimal' : undefined}
            placeholder="missing"
            title={wrong ? `"${value}" is not a number and counts as missing` : hintOf(column)}
            list={categories ? listId : undefined}
            autoComplete="off"
            spellCheck={false}
            onChange={(event) => onChange(event.target.value)}
            className={wrong ? 'border-bad' : undefined}
          />
          {categories ? (
            <datalist id={listId}>
              {categories.slice(0, 500).map((one) => (
                <option key={one} value={one} />
              ))}
            </datalist>
          ) : null}
        </>
      )}
    </div>
  );
}
