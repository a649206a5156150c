'use client';
import type { ColumnProfile, ColumnType } from '#core/contracts/dataset.ts';
import { typeWords } from '../../_lib/dataset-words.ts';
import { Button } from '../ui/button.tsx';
import { Chip } from '../ui/chip.tsx';
import type { TypeEdits } from './use-type-edits.ts';

export interface FixTypeProps {
  readonly column: ColumnProfile;
  readonly type: ColumnType;
  /** What the click does, as a verb. */
  readonly label: string;
  readonly edits: TypeEdits;
}

/** Plans another type for a column; saving makes the new version. */
export function FixType({ column, type, label, edits }: FixTypeProps) {
  const planned = edits.changes[column.name] === type;
  return (
    <>
      {planned ? <Chip>{`will be ${typeWords[type]}`}</Chip> : null}
      <Button size="small" onClick={() => edits.set(column, planned ? column.type : type)} className="max-w-full">
        <span className="truncate">{planned ? 'Undo' : label}</span>
      </Button>
    </>
  );
}
