/**
 * Where the console begins: puts the application into its page.
 */
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { Console } from './app/console.tsx';
import './app/page.css';
import './app/print.css';

const place = document.getElementById('console');
if (place === null) throw new Error('the page has no place for the console');
createRoot(place).render(<StrictMode><Console /></StrictMode>);
