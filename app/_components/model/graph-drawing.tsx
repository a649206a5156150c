'use client';
/** The exported graph as a drawing: members as blocks. Arrow keys walk it, plus and minus zoom. */
import { Maximize2, ZoomIn, ZoomOut } from 'lucide-react';
import { type KeyboardEvent, useMemo, useRef, useState } from 'react';
import type { GraphOutline } from '#core/contracts/views.ts';
import { cx } from '../../_lib/cx.ts';
import { layoutGraph, neighbourOf, type Placed } from '../../_lib/graph-layout.ts';
import { IconButton } from '../ui/index.ts';

type OutlineNode = GraphOutline['nodes'][number];

const size = { nodeWidth: 140, nodeHeight: 42, gapX: 40, gapY: 10 };
const pad = 8;
const zooms = [0.5, 0.75, 1, 1.5, 2, 3];

const looks: Record<OutlineNode['kind'], string> = {
  input: 'fill-panel stroke-line-strong',
  prepare: 'fill-sunk stroke-line-strong',
  member: 'fill-panel stroke-ink',
  combine: 'fill-sunk stroke-line-strong',
  output: 'fill-panel stroke-ink',
};
const kinds: Record<OutlineNode['kind'], string> = {
  input: 'input',
  prepare: 'preparation',
  member: 'member',
  combine: 'combination',
  output: 'output',
};

function shorten(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length - 1)}…` : text;
}

export function GraphDrawing({ outline }: { readonly outline: GraphOutline }) {
  const layout = useMemo(() => layoutGraph(outline.nodes, outline.edges, size), [outline]);
  const [zoom, setZoom] = useState<number | null>(null);
  const [current, setCurrent] = useState(outline.nodes[0]?.id ?? '');
  const frame = useRef<HTMLElement>(null);
  const at = useMemo(() => new Map(layout.placed.map((place) => [place.node.id, place])), [layout]);
  const chosen = at.get(current)?.node;
  const step = (by: number) => {
    const index = zooms.indexOf(zoom ?? 1);
    setZoom(zooms[Math.max(0, Math.min(zooms.length - 1, index + by))] ?? 1);
  };
  const go = (id: string) => {
    setCurrent(id);
    requestAnimationFrame(() => frame.current?.querySelector<SVGElement>(`[data-node="${id}"]`)?.focus());
  };
  const onKey = (event: KeyboardEvent, place: Placed<OutlineNode>) => {
    const neighbour = neighbourOf(layout, outline.edges, place, event.key);
    if (neighbour !== undefined) go(neighbour);
    else if (event.key === '+' || event.key === '=') step(1);
    else if (event.key === '-') step(-1);
    else if (event.key === '0') setZoom(null);
    else return;
    event.preventDefault();
  };
  const width = layout.width + 2 * pad;
  const height = layout.height + 2 * pad;
  return (
    <div className="p-4">
      <div className="mb-2 flex items-center gap-1">
        <p className="min-w-0 flex-1 text-label text-muted" aria-live="polite">
          {chosen ? (
            <>
              <b className="font-medium text-ink">{chosen.label}</b> · {kinds[chosen.kind]} · {chosen.detail}
            </>
          ) : null}
        </p>
        <IconButton label="Zoom out (−)" onClick={() => step(-1)}>
          <ZoomOut aria-hidden className="size-4" />
        </IconButton>
        <IconButton label="Zoom in (+)" onClick={() => step(1)}>
          <ZoomIn aria-hidden className="size-4" />
        </IconButton>
        <IconButton label="Fit (0)" onClick={() => setZoom(null)}>
          <Maximize2 aria-hidden className="size-4" />
        </IconButton>
      </div>
      <section
        ref={frame}
        aria-label="Drawing of the graph"
        className="max-h-[36rem] overflow-auto rounded-md border border-line"
      >
        {/* biome-ignore lint/a11y/useSemanticElements: a drawing's blocks are grouped in the drawing itself */}
        <svg
          role="group"
          viewBox={`${-pad} ${-pad} ${width} ${height}`}
          aria-label={`Graph of the model: ${outline.nodes.length} blocks. Arrow keys walk them.`}
          className={cx('block', zoom === null && 'h-auto w-full min-w-[40rem]')}
          style={zoom === null ? { maxHeight: '34rem' } : { width: width * zoom, height: height * zoom }}
        >
          {outline.edges.map((edge) => {
            const [from, to] = [at.get(edge.from), at.get(edge.to)];
            if (!from || !to) return null;
            const [x1, y1] = [from.x + size.nodeWidth, from.y + size.nodeHeight / 2];
            const [x2, y2] = [to.x, to.y + size.nodeHeight / 2];
            const bend = (x2 - x1) / 2;
            const lit = edge.from === current || edge.to === current;
            return (
              <g key={`${edge.from} ${edge.to}`}>
                <path
                  d={`M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`}
                  fill="none"
                  className={lit ? 'stroke-ink' : 'stroke-line-strong'}
                  strokeWidth={lit ? 1.6 : 1}
                />
                {edge.label ? (
                  <text x={x1 + 4} y={y1 - 5} className="fill-muted text-tick">
                    {edge.label}
                  </text>
                ) : null}
              </g>
            );
          })}
          {layout.placed.map((place) => (
            // biome-ignore lint/a11y/useSemanticElements: a block of a drawing cannot be an HTML button
            <g
              key={place.node.id}
              data-node={place.node.id}
              role="button"
              aria-label={`${place.node.label}, ${kinds[place.node.kind]}, ${place.node.detail}`}
              aria-pressed={place.node.id === current}
              tabIndex={place.node.id === current ? 0 : -1}
              onClick={() => setCurrent(place.node.id)}
              onFocus={() => setCurrent(place.node.id)}
              onKeyDown={(event) => onKey(event, place)}
              className="cursor-pointer focus-visible:outline-none [&:focus-visible>rect]:stroke-ember-ink [&:focus-visible>rect]:[stroke-width:2.5]"
            >
              <rect
                x={place.x}
                y={place.y}
                width={size.nodeWidth}
                height={size.nodeHeight}
                rx={6}
                className={looks[place.node.kind]}
                strokeWidth={place.node.id === current ? 1.8 : 1}
              />
              <text x={place.x + 10} y={place.y + 17} className="fill-ink text-table font-medium">
                {shorten(place.node.label, 18)}
              </text>
              <text x={place.x + 10} y={place.y + 32} className="fill-muted text-tick">
                {shorten(place.node.detail, 23)}
              </text>
            </g>
          ))}
        </svg>
      </section>
    </div>
  );
}
