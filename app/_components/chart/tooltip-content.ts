'use client';
/**
 * Content of a chart's tooltip as elements, never as HTML text: column names and class labels come from people's files.
 */
export function tooltipContent(
  title: string,
  lines: readonly (readonly [label: string, value: string])[],
): HTMLElement {
  const box = document.createElement('div');
  const head = document.createElement('div');
  head.className = 'text-label font-medium text-ink';
  head.textContent = title;
  box.append(head);
  if (lines.length > 0) {
    const list = document.createElement('dl');
    list.className = 'mt-0.5 grid grid-cols-[auto_auto] gap-x-4 text-label';
    for (const [label, value] of lines) {
      const term = document.createElement('dt');
      term.className = 'text-muted';
      term.textContent = label;
      const detail = document.createElement('dd');
      detail.className = 'text-right text-ink';
      detail.textContent = value;
      list.append(term, detail);
    }
    box.append(list);
  }
  return box;
}
