'use client';
/** Every column with its type (editable), spread, gaps and link with the target; only the rows in sight are drawn. */
import { parseAsString, useQueryState } from 'nuqs';
import { useMemo } from 'react';
import { type ColumnProfile, columnTypes, type Profile } from '#core/contracts/dataset.ts';
import { commonValues, spreadCounts, spreadWords, typeNotes, typeWords } from '../../_lib/dataset-words.ts';
import { formatCount, formatPercent } from '../../_lib/format.ts';
import { Histogram } from '../chart/histogram.tsx';
import { Empty } from '../ui/empty.tsx';
import { Input } from '../ui/field.tsx';
import { Bar } from '../ui/progress.tsx';
import { Select } from '../ui/select.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import { type VirtualColumn, VirtualTable } from '../ui/virtual-table.tsx';
import { sortColumns, useColumnSorting } from './sort-columns.ts';
import type { TypeEdits } from './use-type-edits.ts';

export interface ColumnTableProps {
  readonly profile: Profile;
  readonly target: string | null;
  /** Strength 0 to 1 by column name; null when unknown. */
  readonly links: Readonly<Record<string, number>> | null;
  readonly linksPending: boolean;
  readonly edits: TypeEdits;
  readonly mayEdit: boolean;
}

const filterFrom = 20;

export function ColumnTable({ profile, target, links, linksPending, edits, mayEdit }: ColumnTableProps) {
  const [filter, setFilter] = useQueryState(
    'find',
    parseAsString.withDefault('').withOptions({ clearOnDefault: true }),
  );
  const [sorting, setSorting] = useColumnSorting();
  const shown = useMemo(() => {
    const wanted = filter.trim().toLowerCase();
    const found = wanted ? profile.columns.filter((one) => one.name.toLowerCase().includes(wanted)) : profile.columns;
    return sortColumns(found, sorting, links);
  }, [profile.columns, filter, sorting, links]);

  const columns: readonly VirtualColumn<ColumnProfile>[] = [
    {
      key: 'name',
      header: 'Column',
      width: '20%',
      sortable: true,
      cell: (one) => (
        <span title={one.name} className="font-medium">
          {one.name}
        </span>
      ),
    },
    {
      key: 'type',
      header: 'Type',
      width: '7.25rem',
      sortable: true,
      cell: (one) => {
        const type = edits.typeOf(one);
        if (one.name === target && !(one.name in edits.changes) && !mayEdit)
          return <span className="text-muted">target</span>;
        return mayEdit ? (
          <Select
            look="bare"
            aria-label={`Type of ${one.name}`}
            value={type}
            onChange={(next) => edits.set(one, next)}
            options={columnTypes.map((value) => ({ value, label: typeWords[value], note: typeNotes[value] }))}
            className={one.name in edits.changes ? '-ml-1.5 text-ember-ink!' : '-ml-1.5'}
          />
        ) : (
          <span className="text-muted">{typeWords[type]}</span>
        );
      },
    },
    {
      key: 'spread',
      header: 'Spread',
      width: '6.25rem',
      cell: (one) => {
        const counts = spreadCounts(one);
        return counts.length > 0 ? <Histogram counts={counts} label={spreadWords(one)} /> : null;
      },
    },
    {
      key: 'missing',
      header: 'Missing',
      width: '5.25rem',
      end: true,
      sortable: true,
      cell: (one) =>
        one.missing === 0 ? (
          <span className="text-faint">0</span>
        ) : (
          <span title={`${formatPercent(one.missing / Math.max(1, profile.rows))} of the rows`}>
            {formatCount(one.missing)}
          </span>
        ),
    },
    {
      key: 'distinct',
      header: 'Distinct',
      width: '5.25rem',
      end: true,
      sortable: true,
      cell: (one) => formatCount(one.distinct),
    },
    {
      key: 'common',
      header: 'Most common',
      className: 'text-muted',
      cell: (one) => {
        const text = commonValues(one, profile.rows);
        return <span title={text}>{text}</span>;
      },
    },
    {
      key: 'link',
      header: 'Link with target',
      width: '8.75rem',
      sortable: links !== null,
      cell: (one) => {
        if (one.name === target) return <span className="text-muted">target</span>;
        if (linksPending) return <Skeleton className="w-20" />;
        const strength = links?.[one.name];
        return strength === undefined ? null : (
          <span className="grid grid-cols-[3.5rem_auto] items-center gap-2">
            <Bar value={strength} />
            <span className="text-muted">{strength.toFixed(2)}</span>
          </span>
        );
      },
    },
  ];
  return (
    <>
      {profile.columns.length > filterFrom ? (
        <div className="px-4 pt-3">
          <Input
            data-page-filter
            type="search"
            aria-label="Filter columns by name"
            placeholder={`Filter ${formatCount(profile.columns.length)} columns`}
            value={filter}
            onChange={(event) => void setFilter(event.target.value)}
            className="max-w-field"
          />
        </div>
      ) : null}
      <div className="mt-2">
        <VirtualTable
          label="Columns"
          rows={shown}
          rowKey={(one) => one.name}
          rowHeight={36}
          heightClass="max-h-[min(40rem,75dvh)]"
          minWidth="50rem"
          columns={columns}
          sorting={sorting}
          onSort={setSorting}
          empty={<Empty title="No column has that name" />}
        />
      </div>
    </>
  );
}
