'use client';
import { cx } from '../../_lib/cx.ts';
import { Button } from '../ui/button.tsx';
import { Chip } from '../ui/chip.tsx';
import { Td, Tr } from '../ui/table.tsx';
import { Time } from '../ui/time.tsx';
import type { ApiKey } from './keys-view.tsx';

function dead(key: ApiKey): 'revoked' | 'expired' | null {
  if (key.revokedAt) return 'revoked';
  return key.expiresAt && key.expiresAt.getTime() < Date.now() ? 'expired' : null;
}

/** One key of the table. */
export function KeyLine({ apiKey: key, onRevoke }: { readonly apiKey: ApiKey; readonly onRevoke: () => void }) {
  const state = dead(key);
  return (
    <Tr>
      <Td className={cx('h-10 max-w-64 truncate font-medium', state && 'text-faint')}>
        {key.name} {state ? <Chip className="ml-1">{state}</Chip> : null}
      </Td>
      <Td className="font-mono text-label text-muted">{key.prefix}…</Td>
      <Td className="text-muted">{key.role}</Td>
      <Td className="max-w-40 truncate text-muted">{key.mine ? 'you' : key.owner}</Td>
      <Td end className="text-muted">
        {key.lastUsedAt ? <Time value={key.lastUsedAt} /> : 'never'}
      </Td>
      <Td end className="text-muted">
        {key.expiresAt ? <Time value={key.expiresAt} /> : 'never'}
      </Td>
      <Td end>
        {state ? null : (
          <Button tone="quiet" size="small" onClick={onRevoke} aria-label={`Revoke ${key.name}`}>
            Revoke…
          </Button>
        )}
      </Td>
    </Tr>
  );
}
