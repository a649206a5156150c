'use client';
/** Keys of the frame. Single keys can be switched off (WCAG 2.1.4); they never fire while one types. */
import { useRouter } from 'next/navigation';
import { useEffect, useEffectEvent, useRef } from 'react';
import { navEntries } from './nav.ts';

export const singleKeysStore = 'warmstart.single-keys';

export function singleKeysOn(): boolean {
  return localStorage.getItem(singleKeysStore) !== 'off';
}

function typing(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable ||
      /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) ||
      target.closest('[role="menu"],[role="listbox"]') !== null)
  );
}

export interface FrameKeys {
  readonly projectId: string | null;
  readonly onFind: () => void;
  readonly onKeys: () => void;
}

/** Ctrl/Cmd K, `?`, `/` (the page's filter) and `g` then a letter. */
export function useFrameKeys({ projectId, onFind, onKeys }: FrameKeys): void {
  const router = useRouter();
  const goSince = useRef(0);
  const onKey = useEffectEvent((event: KeyboardEvent) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') {
      event.preventDefault();
      onFind();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (typing(event.target) || !singleKeysOn()) return;
    if (Date.now() - goSince.current < 1200) {
      goSince.current = 0;
      const entry = navEntries.find((one) => one.key === event.key);
      if (entry) {
        event.preventDefault();
        router.push(entry.href(projectId));
      }
      return;
    }
    if (event.key === 'g') goSince.current = Date.now();
    else if (event.key === '?') onKeys();
    else if (event.key === '/') {
      const filter = document.querySelector<HTMLElement>('[data-page-filter]');
      if (!filter) return;
      event.preventDefault();
      filter.focus();
    }
  });
  useEffect(() => {
    const listen = (event: KeyboardEvent) => onKey(event);
    document.addEventListener('keydown', listen);
    return () => document.removeEventListener('keydown', listen);
  }, []);
}
