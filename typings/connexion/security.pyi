NO_VALUE: object
