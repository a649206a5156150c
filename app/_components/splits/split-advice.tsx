'use client';
/** In the split step of a new search: what was tried on a sample, and the question where a random split flatters. */
import { type ReactNode, useState } from 'react';
import type { SplitPolicy } from '#core/contracts/task.ts';
import { askWords, quietWords, sameSplit, takenWords } from '../../_lib/split-words.ts';
import { Button, Notice } from '../ui/index.ts';
import type { Splits } from './use-splits.ts';

export interface SplitAdviceProps {
  readonly splits: Splits;
  readonly split: SplitPolicy;
  readonly onTake: (split: SplitPolicy) => void;
}

export function SplitAdvice({ splits, split, onTake }: SplitAdviceProps) {
  /** The question that was answered with no. */
  const [declined, setDeclined] = useState<string | null>(null);
  const { page, waiting, error } = splits;
  if (waiting) return <Line>Trying random, grouped and forward splits on a sample of the rows…</Line>;
  if (error) return <Line>Splits could not be compared: {error}</Line>;
  const report = page?.report;
  if (!report) return null;
  const open = report.questions.filter((question) => question.matters);
  const taken = open.find((question) => question.split && sameSplit(question.split, split));
  if (taken) return <Line>{takenWords(taken, report)}</Line>;
  const [question] = open;
  if (!question) return <Line>{quietWords(report)}</Line>;
  const { title, text, take } = askWords(question, report);
  const key = `${question.about} ${question.column}`;
  if (declined === key) return <Line>{`${title}. ${text}`}</Line>;
  const proposed = question.split;
  return (
    <Notice tone="warn" title={title} className="max-w-prose">
      <p>{text}</p>
      {proposed && take ? (
        <div className="mt-2 flex flex-wrap gap-2">
          <Button size="small" onClick={() => onTake(proposed)} className="max-w-full">
            <span className="truncate">{take}</span>
          </Button>
          <Button
            size="small"
            tone="quiet"
            onClick={() => {
              setDeclined(key);
              onTake(split);
            }}
          >
            Leave the split as it is
          </Button>
        </div>
      ) : null}
    </Notice>
  );
}

function Line({ children }: { readonly children: ReactNode }) {
  return (
    <p role="status" className="max-w-prose text-label text-muted">
      {children}
    </p>
  );
}
