'use client';
/** One's own account: who one is here, the password, the theme, and the way out. */
import { themes } from '../../_lib/theme.ts';
import { useTheme } from '../../_lib/use-theme.ts';
import { PageHeader } from '../page-header.tsx';
import { useShell } from '../shell/shell-context.tsx';
import { Card, CardBody, CardHead } from '../ui/card.tsx';
import { Segmented } from '../ui/segmented.tsx';
import { ChangePassword } from './change-password.tsx';
import { DeleteAccount } from './delete-account.tsx';
import { WorkspaceName } from './workspace-name.tsx';

const themeWords = { system: 'As the device', light: 'Light', dark: 'Dark' };

export function AccountView({ hasPassword }: { readonly hasPassword: boolean }) {
  const { person, workspace } = useShell();
  const [theme, setTheme] = useTheme();
  return (
    <>
      <PageHeader title="Account" />
      <div className="flex max-w-2xl flex-col gap-4">
        <Card>
          <CardHead title="You" />
          <CardBody>
            <dl className="grid grid-cols-[7rem_1fr] gap-x-4 gap-y-1.5 text-table">
              <dt className="text-muted">Name</dt>
              <dd className="min-w-0 break-words">{person.name}</dd>
              <dt className="text-muted">E-mail</dt>
              <dd className="min-w-0 break-words">{person.email}</dd>
            </dl>
          </CardBody>
        </Card>
        <Card>
          <CardHead title="Theme" />
          <CardBody>
            <Segmented
              label="Theme"
              value={theme}
              onChange={setTheme}
              options={themes.map((value) => ({ value, label: themeWords[value] }))}
            />
          </CardBody>
        </Card>
        {workspace && (workspace.role === 'admin' || workspace.role === 'owner') ? (
          <WorkspaceName workspace={workspace} />
        ) : null}
        <ChangePassword hasPassword={hasPassword} />
        <DeleteAccount hasPassword={hasPassword} email={person.email} />
      </div>
    </>
  );
}
