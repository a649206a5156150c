/** One thing found in the data: how grave it is, in words, and what one click does about it. */
import type { ReactNode } from 'react';

const tones = { serious: 'text-bad', warning: 'text-warn', info: 'text-muted' };
const words = { serious: 'serious', warning: 'look at', info: 'to know' };

export interface FindingProps {
  readonly severity: keyof typeof words;
  readonly text: string;
  readonly action?: ReactNode;
}

export function Finding({ severity, text, action }: FindingProps) {
  return (
    <li className="py-3 text-table">
      <p className={tones[severity]}>
        <span className="text-label">{words[severity]}</span>
      </p>
      <p className="break-words">{text}</p>
      {action ? <div className="mt-2 flex flex-wrap items-center gap-2">{action}</div> : null}
    </li>
  );
}
