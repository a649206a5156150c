'use client';
/** What ingest found, gravest first, each with the one click that does something about it. */
import type { Profile } from '#core/contracts/dataset.ts';
import { rankWarnings } from '../../_lib/dataset-words.ts';
import { plural } from '../../_lib/format.ts';
import { Card, CardHead } from '../ui/card.tsx';
import { Finding } from './finding.tsx';
import { FixType } from './fix-type.tsx';
import type { TypeEdits } from './use-type-edits.ts';

export interface WarningsCardProps {
  readonly profile: Profile;
  readonly edits: TypeEdits;
  readonly mayEdit: boolean;
}

export function WarningsCard({ profile, edits, mayEdit }: WarningsCardProps) {
  const warnings = rankWarnings(profile.warnings);
  const urgent = warnings.filter((one) => one.severity !== 'info').length;
  return (
    <Card>
      <CardHead
        title={
          urgent > 0
            ? `${plural(urgent, 'thing')} to look at`
            : warnings.length > 0
              ? 'Good to know'
              : 'Nothing to look at'
        }
      />
      <ul className="max-h-[30rem] divide-y divide-line overflow-y-auto px-4 pb-1">
        {warnings.map((warning, index) => {
          const { fix } = warning;
          const column = fix?.column ? profile.columns.find((one) => one.name === fix.column) : undefined;
          return (
            <Finding
              // biome-ignore lint/suspicious/noArrayIndexKey: the list of a version never changes
              key={index}
              severity={warning.severity}
              text={warning.message}
              action={
                fix?.setType && column && mayEdit ? (
                  <FixType column={column} type={fix.setType} label={fix.label} edits={edits} />
                ) : null
              }
            />
          );
        })}
        {warnings.length === 0 ? (
          <li className="py-3 text-table text-muted">
            No identifiers, constants, duplicates or suspicious columns were found in {plural(profile.rows, 'row')}.
          </li>
        ) : null}
      </ul>
      {profile.corrections.length > 0 ? (
        <div className="border-t border-line px-4 py-3">
          <h3 className="text-label font-medium text-muted">Corrected while reading</h3>
          <ul className="mt-1 list-disc pl-4 text-table text-muted">
            {profile.corrections.map((one) => (
              <li key={one} className="break-words">
                {one}
              </li>
            ))}
          </ul>
        </div>
      ) : null}
    </Card>
  );
}
