'use client';
/** Finish now, pause, resume, cancel: each says what it keeps. */
import { useMutation } from '@tanstack/react-query';
import { type ReactElement, useState } from 'react';
import type { SearchView } from '#core/contracts/views.ts';
import { routes } from '../../_lib/routes.ts';
import { errorText, useTRPC } from '../../_lib/trpc.tsx';
import { Button, ButtonLink, Confirm, Hint, showToast } from '../ui/index.ts';

type Verb = 'finish' | 'pause' | 'resume' | 'cancel';

const keeps: Record<Verb, string> = {
  finish: 'Stops searching and builds the model from the trials that have finished.',
  pause: 'Stops the clock. Finished trials are kept; running ones start again on resume.',
  resume: 'The clock runs on, and queued trials go on.',
  cancel: 'Stops at once and makes no model. Finished trials stay in the list.',
};

const said: Record<Verb, string> = {
  finish: 'Finishing now',
  pause: 'Pausing',
  resume: 'Going on',
  cancel: 'Search cancelled',
};

function useControl(view: SearchView, onChanged: () => void) {
  const trpc = useTRPC();
  const options = (verb: Verb) => ({
    onSuccess: () => {
      showToast({ title: said[verb], description: keeps[verb] });
      onChanged();
    },
    onError: (error: unknown) => {
      showToast({ title: `Could not ${verb} the search`, description: errorText(error), tone: 'bad' });
      onChanged();
    },
  });
  const controls = {
    finish: useMutation(trpc.search.finish.mutationOptions(options('finish'))),
    pause: useMutation(trpc.search.pause.mutationOptions(options('pause'))),
    resume: useMutation(trpc.search.resume.mutationOptions(options('resume'))),
    cancel: useMutation(trpc.search.cancel.mutationOptions(options('cancel'))),
  };
  return (verb: Verb) => ({
    busy: controls[verb].isPending,
    onClick: () => controls[verb].mutate({ id: view.id }),
  });
}

const Explained = ({ verb, children }: { readonly verb: Verb; readonly children: ReactElement }) => (
  <Hint text={keeps[verb]}>{children}</Hint>
);

export function SearchActions({ view, onChanged }: { readonly view: SearchView; readonly onChanged: () => void }) {
  const control = useControl(view, onChanged);
  const [asking, setAsking] = useState(false);
  const clone = `${routes.newSearch(view.projectId, view.versionId)}&clone=${view.id}`;
  const { state } = view;
  if (state === 'ready' && view.modelId) {
    return (
      <>
        <ButtonLink href={clone}>Clone</ButtonLink>
        <ButtonLink tone="primary" href={routes.model(view.projectId, view.modelId)}>
          Open model
        </ButtonLink>
      </>
    );
  }
  if (state === 'ready' || state === 'failed' || state === 'cancelled') {
    return (
      <ButtonLink tone="primary" href={clone}>
        Search again
      </ButtonLink>
    );
  }
  const closing = state === 'finalising' || state === 'verifying';
  return (
    <>
      {state === 'searching' || state === 'pausing' ? (
        <Explained verb="pause">
          <Button {...control('pause')} disabled={state === 'pausing'}>
            Pause
          </Button>
        </Explained>
      ) : null}
      <Explained verb="cancel">
        <Button onClick={() => setAsking(true)}>Cancel…</Button>
      </Explained>
      {state === 'paused' ? (
        <>
          <Explained verb="finish">
            <Button {...control('finish')}>Finish now</Button>
          </Explained>
          <Explained verb="resume">
            <Button tone="primary" {...control('resume')}>
              Resume
            </Button>
          </Explained>
        </>
      ) : null}
      {state !== 'paused' && !closing ? (
        <Explained verb="finish">
          <Button tone="primary" {...control('finish')}>
            Finish now
          </Button>
        </Explained>
      ) : null}
      <Confirm
        open={asking}
        onOpenChange={setAsking}
        title="Cancel this search?"
        action="Cancel search"
        busy={control('cancel').busy}
        onConfirm={() => {
          control('cancel').onClick();
          setAsking(false);
        }}
      >
        <p>
          {keeps.cancel} To get a model from what has been found so far, choose{' '}
          <b className="font-medium">Finish now</b> instead.
        </p>
      </Confirm>
    </>
  );
}
