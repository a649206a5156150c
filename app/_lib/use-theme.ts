'use client';
import { useEffect, useState } from 'react';
import { rememberChoice } from './cookies.ts';
import { readTheme, type Theme, themeCookie } from './theme.ts';

/** The chosen theme and a way to change it at once, without a reload. */
export function useTheme(): readonly [Theme, (theme: Theme) => void] {
  const [theme, setTheme] = useState<Theme>('system');
  useEffect(() => setTheme(readTheme(document.documentElement.dataset.theme)), []);
  const change = (next: Theme) => {
    setTheme(next);
    if (next === 'system') delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = next;
    rememberChoice(themeCookie, next);
  };
  return [theme, change];
}
