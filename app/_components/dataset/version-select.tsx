'use client';
import { ChevronDown } from 'lucide-react';
import { formatExactTime } from '../../_lib/format.ts';
import { Menu, MenuItem } from '../ui/menu.tsx';
import type { DatasetPage } from './types.ts';

export interface VersionSelectProps {
  readonly versions: DatasetPage['versions'];
  readonly current: number;
  readonly onChange: (number: number) => void;
}

/** The version one looks at; others stay as they were made. */
export function VersionSelect({ versions, current, onChange }: VersionSelectProps) {
  return (
    <Menu
      align="start"
      trigger={
        <button
          type="button"
          className="inline-flex h-6 items-center gap-1 rounded-full border border-line bg-panel px-2 text-label text-muted hover:border-line-strong"
        >
          v{current}
          <span className="sr-only">
            , version {current} of {versions.length}
          </span>
          <ChevronDown aria-hidden className="size-3 text-faint" />
        </button>
      }
    >
      {versions.map((version) => (
        <MenuItem
          key={version.id}
          onSelect={() => onChange(version.number)}
          end={version.state === 'ready' ? formatExactTime(version.createdAt) : version.state}
        >
          Version {version.number}
          {version.number === current ? ' · shown' : ''}
        </MenuItem>
      ))}
    </Menu>
  );
}
