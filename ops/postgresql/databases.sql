-- The first one, conversations, is made by the server's own start. In production the credit database has an account of its own.
CREATE DATABASE services;
CREATE DATABASE credit;
