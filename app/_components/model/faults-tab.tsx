'use client';
/** Rows that look wrong, worst first: ticked ones are left out of a new version of the data. */
import Link from 'next/link';
import { useState } from 'react';
import { type Fault, type FaultKind, type FaultPage, faultKinds } from '#core/contracts/faults.ts';
import type { ModelView } from '#core/contracts/views.ts';
import { formatCount, plural } from '../../_lib/format.ts';
import { routes } from '../../_lib/routes.ts';
import { Button, buttonClass, Checkbox, Empty, Segmented, type VirtualColumn, VirtualTable } from '../ui/index.ts';
import { DetailsPending } from './details-pending.tsx';
import { type Exclusion, type FaultList, useExclusion, useFaults } from './use-faults.ts';

const names: Readonly<Record<FaultKind, (kind: ModelView['kind']) => string>> = {
  label: (kind) => (kind === 'regression' ? 'Values' : 'Labels'),
  twin: () => 'Contradictions',
  outlier: () => 'Outliers',
};

export function FaultsTab({ model, mayEdit }: { readonly model: ModelView; readonly mayEdit: boolean }) {
  const [kind, setKind] = useState<FaultKind>('label');
  const list = useFaults(model.id, kind);
  const exclusion = useExclusion();
  const { page } = list;
  if (list.error || !page) return <DetailsPending what="The list" error={list.error} />;
  if (page.state !== 'ready' || !page.report) return <NotReady state={page.state} />;
  const { report } = page;
  const count = (of: FaultKind) => (
    <>
      {names[of](model.kind)} <span className="ml-1.5 text-muted">{formatCount(report.found[of])}</span>
    </>
  );
  return (
    <>
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 pt-3 pb-2">
        <Segmented
          label="Kind of fault"
          value={kind}
          onChange={setKind}
          options={faultKinds.map((value) => ({ value, label: count(value) }))}
        />
        <p className="min-w-0 flex-1 basis-72 text-label text-muted">{explain(kind, page)}</p>
      </div>
      <FaultTable key={kind} kind={kind} list={list} report={report} exclusion={exclusion} mayEdit={mayEdit} />
      {mayEdit ? <ExcludeBar model={model} page={page} exclusion={exclusion} /> : null}
    </>
  );
}

function explain(kind: FaultKind, { report }: FaultPage): string {
  if (!report) return '';
  const rows = `${plural(report.rows, 'training row')}`;
  if (kind === 'twin') return `Rows that are the same, or nearly, and yet have another ${report.target}; of ${rows}.`;
  if (kind === 'outlier') return `Rows with a cell far outside what its column holds elsewhere; of ${rows}.`;
  return report.estimated === null
    ? `Rows whose ${report.target} is far from what rows like them have; of ${rows}.`
    : `About ${formatCount(report.estimated)} labels look wrong to models that have not seen them; of ${rows}.`;
}

function NotReady({ state }: { readonly state: FaultPage['state'] }) {
  if (state === 'queued')
    return (
      <Empty title="Looking through the training rows">
        Predictions by models that have not seen a row tell which labels are hard to believe. The list appears here.
      </Empty>
    );
  return state === 'failed' ? (
    <Empty title="The rows could not be looked through">The model itself is not affected.</Empty>
  ) : (
    <Empty title="Nobody looked through the rows of this model">Models made from now on are looked through.</Empty>
  );
}

interface FaultTableProps {
  readonly kind: FaultKind;
  readonly list: FaultList;
  readonly report: NonNullable<FaultPage['report']>;
  readonly exclusion: Exclusion;
  readonly mayEdit: boolean;
}

interface TickProps {
  readonly label: string;
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
}

/** A box without a visible label, as high as itself, so that it stands in the middle of its row. */
function Tick({ label, checked, onChange }: TickProps) {
  return (
    <span className="block [&_label]:min-h-0">
      <Checkbox checked={checked} onChange={onChange}>
        <span className="sr-only">{label}</span>
      </Checkbox>
    </span>
  );
}

function FaultTable({ kind, list, report, exclusion, mayEdit }: FaultTableProps) {
  const { faults, page } = list;
  const all = faults.length > 0 && faults.every(({ row }) => exclusion.rows.has(row));
  const columns: VirtualColumn<Fault>[] = [
    ...(mayEdit
      ? [
          {
            key: 'tick',
            width: '2.75rem',
            header: (
              <Tick
                label={`Tick all ${plural(faults.length, 'row')} that are loaded`}
                checked={all}
                onChange={(on) =>
                  exclusion.tick(
                    faults.map(({ row }) => row),
                    on,
                  )
                }
              />
            ),
            cell: ({ row }: Fault) => (
              <Tick
                label={`Row ${row + 1}`}
                checked={exclusion.rows.has(row)}
                onChange={(on) => exclusion.tick([row], on)}
              />
            ),
          },
        ]
      : []),
    { key: 'row', header: 'Row', width: '5rem', end: true, cell: ({ row }) => formatCount(row + 1) },
    {
      key: 'given',
      header: report.target,
      width: '8rem',
      cell: ({ given }) => <span title={given}>{given}</span>,
    },
    ...(kind === 'outlier'
      ? []
      : [
          {
            key: 'suggested',
            header: kind === 'twin' ? 'The other has' : 'More plausible',
            width: '8rem',
            className: 'font-medium',
            cell: ({ suggested }: Fault) => <span title={suggested ?? undefined}>{suggested ?? '–'}</span>,
          },
        ]),
    {
      key: 'reason',
      header: 'Why',
      width: '24rem',
      className: 'text-muted',
      cell: ({ reason }) => <span title={reason}>{reason}</span>,
    },
    ...report.columns.map((name, i) => ({
      key: `column-${i}`,
      header: (
        <span className="block truncate" title={name}>
          {name}
        </span>
      ),
      width: '7.5rem',
      cell: ({ cells }: Fault) => (
        <span title={cells[i] ?? 'missing'} className={cells[i] === null ? 'text-faint' : undefined}>
          {cells[i] ?? '–'}
        </span>
      ),
    })),
  ];
  return (
    <VirtualTable
      label="Suspect rows"
      rows={faults}
      columns={columns}
      rowKey={({ row }) => `${row}`}
      heightClass="max-h-[26rem]"
      minWidth={`${48 + 7.5 * report.columns.length}rem`}
      total={page?.listed ?? faults.length}
      onNearEnd={list.more}
      rowClass={({ row }) => (exclusion.rows.has(row) ? 'bg-sunk' : null)}
      empty={<Empty title="Nothing of this kind was found">That is good news.</Empty>}
    />
  );
}

interface ExcludeBarProps {
  readonly model: ModelView;
  readonly page: FaultPage;
  readonly exclusion: Exclusion;
}

function ExcludeBar({ model, page, exclusion }: ExcludeBarProps) {
  const { rows, saving, made } = exclusion;
  const { versionId, versionNumber } = page;
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-2 border-t border-line px-4 py-2.5" aria-live="polite">
      <p className="min-w-0 flex-1 basis-56 text-table">
        {made && rows.size === 0
          ? 'A version without those rows is made; it is being read.'
          : rows.size === 0
            ? 'Tick rows that are wrong: a new version of the data leaves them out.'
            : `${plural(rows.size, 'row')} of version ${versionNumber ?? '?'} ticked`}
      </p>
      {rows.size > 0 ? (
        <Button tone="quiet" size="small" onClick={() => exclusion.tick([...rows], false)}>
          Clear
        </Button>
      ) : null}
      {made && rows.size === 0 ? (
        <Link href={routes.dataset(model.projectId, made)} className={buttonClass('secondary', 'small')}>
          Open the new version
        </Link>
      ) : (
        <Button
          size="small"
          disabled={rows.size === 0 || versionId === null || saving}
          onClick={() => versionId && exclusion.save(versionId)}
        >
          Make a version without them
        </Button>
      )}
    </div>
  );
}
