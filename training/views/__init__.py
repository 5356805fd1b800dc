"""Views, by whom they are for: everybody, whoever books, the team that runs the sessions."""
