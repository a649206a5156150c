'use client';
/** The signed-in frame: rail or bottom bar, the page, the palette and the key list. */
import { type ReactNode, useState } from 'react';
import { UploadProvider } from '../upload/upload-context.tsx';
import { UploadList } from '../upload/upload-list.tsx';
import { BottomBar } from './bottom-bar.tsx';
import { KeyList } from './key-list.tsx';
import { Palette } from './palette.tsx';
import { Rail } from './rail.tsx';
import { useShell } from './shell-context.tsx';
import { useFrameKeys } from './use-keys.ts';

export function Frame({ initialNarrow, children }: { readonly initialNarrow: boolean; readonly children: ReactNode }) {
  const [finding, setFinding] = useState(false);
  const [keys, setKeys] = useState(false);
  const { projectId } = useShell();
  useFrameKeys({ projectId, onFind: () => setFinding(true), onKeys: () => setKeys(true) });
  return (
    <UploadProvider>
      <div className="flex min-h-dvh">
        <a
          href="#content"
          className="fixed top-2 left-2 z-50 -translate-y-16 rounded-md border border-line-strong bg-panel px-3 py-2 text-table focus:translate-y-0"
        >
          Skip to content
        </a>
        <Rail initialNarrow={initialNarrow} onFind={() => setFinding(true)} onKeys={() => setKeys(true)} />
        <main
          id="content"
          tabIndex={-1}
          className="mx-auto w-full max-w-page min-w-0 px-4 pt-4 pb-[calc(var(--bottom-bar)+1.5rem)] outline-none md:px-7 md:pt-5 md:pb-7"
        >
          {children}
        </main>
        <BottomBar />
        <UploadList />
        <Palette open={finding} onOpenChange={setFinding} onKeys={() => setKeys(true)} />
        <KeyList open={keys} onOpenChange={setKeys} />
      </div>
    </UploadProvider>
  );
}
