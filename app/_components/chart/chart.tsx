'use client';
/**
 * The one wrapper around the drawing library. Every chart has a name, its numbers as a table, both as files, and a
 * crosshair that the arrow keys move; what the crosshair is on is also announced.
 */
import { Download, Table2 } from 'lucide-react';
import { type KeyboardEvent, type ReactNode, useEffect, useMemo, useRef, useState } from 'react';
import { cx } from '../../_lib/cx.ts';
import { Button, IconButton } from '../ui/button.tsx';
import { Menu, MenuItem } from '../ui/menu.tsx';
import { baseOption, type ChartOption } from './axes.ts';
import { ChartTableView } from './chart-table.tsx';
import { type ChartTable, saveFile, toCsv, toSvg } from './export.ts';
import type { ChartTokens } from './tokens.ts';
import { useChartTokens } from './use-chart-tokens.ts';
import { useEChart } from './use-echart.ts';

/** A series the arrow keys can walk: its place in the option and its points in words. */
export interface ChartTrack {
  readonly series: number;
  readonly name: string;
  readonly length: number;
  /** `trial 37: ROC AUC 0.8464 ± 0.011 at 52 s`. */
  readonly say: (index: number) => string;
}

export interface ChartProps {
  /** What the chart shows, for assistive technology and file names. */
  readonly label: string;
  /** Visible title at the left of the buttons; leave out where the card already has one. */
  readonly title?: ReactNode;
  /** Builds the drawing from the tokens; memoise it (`useCallback`) on its data. */
  readonly draw: (tokens: ChartTokens) => ChartOption;
  readonly table: ChartTable;
  readonly tracks?: readonly ChartTrack[];
  /** Number of marks, to choose SVG or canvas. */
  readonly marks?: number;
  /** A click on a mark, with its item of the series' data. */
  readonly onPick?: (data: unknown) => void;
  /** Class with the height. */
  readonly heightClass?: string;
  readonly className?: string;
  /** Below the chart: a legend, a note. */
  readonly children?: ReactNode;
}

export function Chart(props: ChartProps) {
  const {
    label,
    title,
    draw,
    table,
    tracks = [],
    marks = 0,
    onPick,
    heightClass = 'h-72',
    className,
    children,
  } = props;
  const frame = useRef<HTMLElement>(null);
  const host = useRef<HTMLDivElement>(null);
  const [asTable, setAsTable] = useState(false);
  const [said, setSaid] = useState('');
  const cursor = useRef({ track: 0, index: -1 });
  const tokens = useChartTokens(frame);
  const option = useMemo(
    () => (tokens ? { ...baseOption(tokens), ...mergeTooltip(tokens, draw(tokens)) } : null),
    [tokens, draw],
  );
  const chart = useEChart(host, asTable ? null : option, marks);
  useEffect(() => {
    if (!chart || !onPick) return;
    const pick = ({ data }: { data?: unknown }) => onPick(data);
    chart.on('click', pick);
    return () => {
      if (!chart.isDisposed()) chart.off('click', pick);
    };
  }, [chart, onPick]);

  const onKey = (event: KeyboardEvent) => {
    const track = tracks[cursor.current.track];
    if (!chart || !track || track.length === 0) return;
    const { index } = cursor.current;
    const last = track.length - 1;
    if (event.key === 'ArrowRight') cursor.current.index = Math.min(last, index + 1);
    else if (event.key === 'ArrowLeft') cursor.current.index = index < 0 ? last : Math.max(0, index - 1);
    else if (event.key === 'Home') cursor.current.index = 0;
    else if (event.key === 'End') cursor.current.index = last;
    else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      const step = event.key === 'ArrowDown' ? 1 : tracks.length - 1;
      cursor.current = { track: (cursor.current.track + step) % tracks.length, index: Math.max(0, index) };
    } else if (event.key === 'Escape') {
      cursor.current.index = -1;
      chart.dispatchAction({ type: 'hideTip' });
      return;
    } else return;
    event.preventDefault();
    const now = tracks[cursor.current.track];
    if (!now || now.length === 0) return;
    cursor.current.index = Math.min(cursor.current.index, now.length - 1);
    chart.dispatchAction({ type: 'showTip', seriesIndex: now.series, dataIndex: cursor.current.index });
    setSaid(`${now.name}, ${now.say(cursor.current.index)}`);
  };

  const fileName = label
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');
  const saveSvg = async () => {
    const size = host.current;
    if (option)
      saveFile(
        `${fileName}.svg`,
        await toSvg(option, size?.clientWidth || 800, size?.clientHeight || 320),
        'image/svg+xml',
      );
  };
  return (
    <figure ref={frame} aria-label={label} className={cx('group/chart relative m-0 min-w-0', className)}>
      <div className={cx('flex items-center gap-2', title ? 'mb-1 min-h-7' : 'absolute top-0 right-0 z-10')}>
        {title ? <figcaption className="text-table font-semibold">{title}</figcaption> : null}
        <div className="ml-auto flex gap-0.5 bg-panel">
          <IconButton
            label={asTable ? 'Show as chart' : 'Show as table'}
            aria-pressed={asTable}
            onClick={() => setAsTable(!asTable)}
            small
          >
            <Table2 aria-hidden className="size-3.5" />
          </IconButton>
          <Menu
            trigger={
              <Button tone="quiet" size="icon-small" aria-label="Download">
                <Download aria-hidden className="size-3.5" />
              </Button>
            }
          >
            <MenuItem onSelect={() => void saveSvg()}>Drawing as SVG</MenuItem>
            <MenuItem onSelect={() => saveFile(`${fileName}.csv`, toCsv(table), 'text/csv')}>Numbers as CSV</MenuItem>
          </Menu>
        </div>
      </div>
      {asTable ? (
        <ChartTableView label={label} table={table} heightClass={heightClass} />
      ) : (
        <div
          role="img"
          aria-label={
            tracks.length > 0
              ? `${label}. Arrow keys read the values.`
              : `${label}. Shown as a table by the button before it.`
          }
          // biome-ignore lint/a11y/noNoninteractiveTabindex: the crosshair moves by keyboard
          tabIndex={0}
          onKeyDown={onKey}
          className={cx('w-full rounded-md', heightClass)}
        >
          <div ref={host} className="size-full" />
        </div>
      )}
      <p aria-live="polite" className="sr-only">
        {said}
      </p>
      {children}
    </figure>
  );
}

/** A chart's own tooltip settings add to the common look instead of replacing it. */
function mergeTooltip(tokens: ChartTokens, option: ChartOption): ChartOption {
  const common = baseOption(tokens).tooltip;
  const own = option.tooltip;
  return own && typeof own === 'object' && common && typeof common === 'object'
    ? { ...option, tooltip: { ...common, ...own } }
    : option;
}
