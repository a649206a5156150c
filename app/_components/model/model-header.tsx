'use client';
/** Name, state and files of a model; publish opens once a browser has agreed. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Download } from 'lucide-react';
import type { ModelView } from '#core/contracts/views.ts';
import { formatBytes } from '../../_lib/format.ts';
import { routes } from '../../_lib/routes.ts';
import { errorText, type RouterOutputs, useTRPC } from '../../_lib/trpc.tsx';
import { PageHeader } from '../page-header.tsx';
import { Button, buttonClass, Chip, Hint, Menu, MenuItem, StateChip, showToast } from '../ui/index.ts';
import { useModelMenu } from './model-menu.tsx';
import { modelFileUrl } from './use-browser-model.ts';

export interface ModelHeaderProps {
  readonly model: ModelView;
  readonly projectName: string | null;
  readonly checks: RouterOutputs['model']['checks'];
  readonly mayEdit: boolean;
}

function save(modelId: string, file: 'model.onnx' | 'model.zip' | 'receipt.json') {
  window.location.assign(modelFileUrl(modelId, file));
}

export function ModelHeader({ model, projectName, checks, mayEdit }: ModelHeaderProps) {
  const browsers = [...new Set(checks.filter((one) => one.pass).map((one) => one.browser))];
  const { menu, dialog } = useModelMenu(model);
  return (
    <>
      <PageHeader
        crumbs={[
          { label: projectName ?? 'Project', href: routes.project(model.projectId) },
          { label: `search ${model.searchNumber}`, href: routes.search(model.projectId, model.searchId) },
          { label: 'model' },
        ]}
        title={model.name}
        chips={
          <>
            {browsers.length > 0 ? (
              <Chip tone="good">checked in {new Intl.ListFormat('en').format(browsers)}</Chip>
            ) : (
              <Chip>not checked in a browser</Chip>
            )}
            <StateChip state={model.state} />
          </>
        }
        actions={
          <>
            {mayEdit ? <PublishButton model={model} /> : null}
            <Menu
              trigger={
                <Button tone={model.publishableAt || !mayEdit ? 'primary' : 'secondary'}>
                  <Download aria-hidden className="size-3.5" />
                  Download {formatBytes(model.bytes)}
                </Button>
              }
            >
              <MenuItem onSelect={() => save(model.id, 'model.onnx')} end={formatBytes(model.bytes)}>
                ONNX file
              </MenuItem>
              <MenuItem onSelect={() => save(model.id, 'model.zip')}>
                Bundle with card, golden rows and snippets
              </MenuItem>
              <MenuItem onSelect={() => save(model.id, 'receipt.json')}>Receipt</MenuItem>
            </Menu>
          </>
        }
        menu={mayEdit ? menu : undefined}
      />
      {dialog}
    </>
  );
}

function PublishButton({ model }: { readonly model: ModelView }) {
  const trpc = useTRPC();
  const cache = useQueryClient();
  const publish = useMutation(
    trpc.model.publish.mutationOptions({
      onSuccess: async () => {
        await cache.invalidateQueries(trpc.model.pathFilter());
        showToast({ title: `${model.name} is published` });
      },
      onError: (error) => showToast({ title: 'Could not publish', description: errorText(error), tone: 'bad' }),
    }),
  );
  if (model.state === 'published' || model.state === 'archived') return null;
  if (model.publishableAt) {
    return (
      <Button busy={publish.isPending} onClick={() => publish.mutate({ id: model.id })}>
        Publish
      </Button>
    );
  }
  // Stays focusable, so that the reason can be read by keyboard too.
  return (
    <Hint text="Run the browser check first: a model is published only after a real browser agreed.">
      <button
        type="button"
        aria-disabled="true"
        className={buttonClass('secondary', 'medium', 'cursor-default opacity-50')}
      >
        Publish
      </button>
    </Hint>
  );
}
