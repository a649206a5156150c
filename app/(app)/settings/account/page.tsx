import { AccountView } from '../../../_components/settings/account-view.tsx';
import { currentAccount } from '../../../_lib/caller.ts';

export default async function AccountPage() {
  const { user } = await currentAccount();
  return <AccountView hasPassword={user?.hasPassword ?? false} />;
}
