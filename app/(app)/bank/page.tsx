import { BankPage } from '../../_components/bank/bank-page.tsx';

export default function Page() {
  return <BankPage />;
}
