import { KeysView } from '../../../_components/settings/keys-view.tsx';

export default function KeysPage() {
  return <KeysView />;
}
