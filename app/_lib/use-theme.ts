'use client';
import { useEffect, useState } from 'react';
import { readTheme, type Theme, themeCookie } from './theme.ts';

/** The chosen theme and a way to change it at once, without a reload. */
export function useTheme(): readonly [Theme, (theme: Theme) => void] {
  const [theme, setTheme] = useState<Theme>('system');
  useEffect(() => setTheme(readTheme(document.documentElement.dataset.theme)), []);
  const change = (next: Theme) => {
    setTheme(next);
    if (next === 'system') delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = next;
    // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is not in every supported browser
    document.cookie = `${themeCookie}=${next}; path=/; max-age=31536000; samesite=lax`;
  };
  return [theme, change];
}
