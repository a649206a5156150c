'use client';
import { type ReactNode, useRef } from 'react';
import { acceptAttribute } from '../../_lib/upload/accept.ts';
import { Button, type ButtonTone } from '../ui/button.tsx';

export interface FileButtonProps {
  readonly onFiles: (files: readonly File[]) => void;
  readonly tone?: ButtonTone;
  readonly multiple?: boolean;
  readonly children: ReactNode;
}

/** A button that opens the device's file picker. */
export function FileButton({ onFiles, tone, multiple, children }: FileButtonProps) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <Button tone={tone} onClick={() => input.current?.click()}>
        {children}
      </Button>
      <input
        ref={input}
        type="file"
        accept={acceptAttribute}
        multiple={multiple}
        hidden
        tabIndex={-1}
        aria-label="Table to upload"
        onChange={(event) => {
          onFiles([...(event.target.files ?? [])]);
          event.target.value = '';
        }}
      />
    </>
  );
}
