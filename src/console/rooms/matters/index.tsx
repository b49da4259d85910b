/**
 * The matters: which facts each asks for, what they take, a draft edited, run and published.
 */
import type { ReactNode } from 'react';
import { Route, Routes } from 'react-router';
import { ListPage } from './list-page.tsx';
import { MatterPage } from './matter-page.tsx';

export default function MattersRoom(): ReactNode {
  return (
    <Routes>
      <Route index element={<ListPage />} />
      <Route path=":code" element={<MatterPage />} />
    </Routes>
  );
}
