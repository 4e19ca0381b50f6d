"""What a form for life-sustaining treatment orders says beside its blanks."""

from __future__ import annotations

BANNERS = (
    "HIPAA PERMITS DISCLOSURE OF POLST TO OTHER HEALTH CARE PROVIDERS AS NECESSARY",
    "SEND FORM WITH PATIENT WHENEVER TRANSFERRED OR DISCHARGED",
)
FIRST = (
    "First follow these orders, then contact the physician, NP or PA. A copy of the signed form is a legally valid "
    "order. Any section not completed implies full treatment for that section."
)
SECTIONS = (
    (
        "A",
        "Cardiopulmonary Resuscitation (CPR):  If patient has no pulse and is not breathing.",
        (
            "Attempt Resuscitation/CPR (selecting CPR in Section A requires selecting Full Treatment in Section B)",
            "Do Not Attempt Resuscitation/DNR (Allow Natural Death)",
        ),
    ),
    (
        "B",
        "Medical Interventions:  If patient is found with a pulse and/or is breathing.",
        (
            "Full Treatment - primary goal of prolonging life by all medically effective means. In addition to the "
            "treatment below, use intubation, mechanical ventilation and cardioversion as indicated.",
            "Selective Treatment - goal of treating medical conditions while avoiding burdensome measures. "
            "Use IV antibiotics and IV fluids as indicated. Do not intubate. Generally avoid intensive care.",
            "Comfort-Focused Treatment - primary goal of maximizing comfort. Relieve pain and suffering with "
            "medication by any route as needed; use oxygen, suctioning and manual treatment of airway obstruction.",
        ),
    ),
    (
        "C",
        "Artificially Administered Nutrition:  Offer food by mouth if feasible and desired.",
        (
            "Long-term artificial nutrition, including feeding tubes.",
            "Trial period of artificial nutrition, including feeding tubes.",
            "No artificial means of nutrition, including feeding tubes.",
        ),
    ),
)
FILED = (
    "Your form may be added to a secure electronic registry, as permitted by HIPAA. A copy is as valid as the original."
)
SWORN = (
    "My signature below indicates to the best of my knowledge that these orders are consistent with the patient's "
    "medical condition and preferences.",
    "I am aware that this form is voluntary. By signing this form, the legally recognized decisionmaker acknowledges "
    "that this request regarding resuscitative measures is consistent with the known desires of the individual.",
)
DIRECTIONS = (
    (
        "Completing POLST",
        (
            "Completing a POLST form is voluntary. It is not valid until signed by a provider and the patient or a "
            "legally recognized decisionmaker.",
            "POLST does not replace the Advance Directive. When available, review both for consistency.",
            "Use of the original form is strongly encouraged. Photocopies and FAXes of signed forms are legal.",
        ),
    ),
    (
        "Using POLST",
        (
            "If found pulseless and not breathing, no defibrillator or chest compressions should be used on a person "
            "who has chosen Do Not Attempt Resuscitation.",
            "When comfort cannot be achieved in the current setting, the patient should be transferred to a setting "
            "able to provide comfort.",
        ),
    ),
    (
        "Reviewing POLST",
        (
            "It is recommended to review it when the person is transferred from one care setting to another, when "
            "there is a substantial change in health status, or when treatment preferences change.",
        ),
    ),
    (
        "Modifying and Voiding POLST",
        (
            "A patient with capacity can, at any time, request alternative treatment or revoke it by any means that "
            "indicates intent to revoke. Draw a line through Sections A through D, write VOID, then sign and date.",
        ),
    ),
)
